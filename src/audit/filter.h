/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seccomp filter that stops a program at the calls of calls.h, and at no others. */
#ifndef SYNCDIR_AUDIT_FILTER_H
#define SYNCDIR_AUDIT_FILTER_H

#include <stdbool.h>

/* Puts the filter on the calling process and all that it will start.  False, and errno,
 * if the kernel does not take it.  Without CAP_SYS_ADMIN it takes it only with
 * NO_NEW_PRIVS: set-id programs then run without their rights. */
bool load_filter(void);

/* What PTRACE_GETEVENTMSG says at a stop by it.  A filter of the program's own may say
 * SECCOMP_RET_TRACE as well, with other data. */
enum { OUR_FILTER = 0x5d1c };

/* Whether load_filter has to give NO_NEW_PRIVS. */
bool rights_are_lost(void);

#endif
