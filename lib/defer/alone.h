/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a system call is the only way in which this process lets anything out. */
#ifndef SYNCDIR_ALONE_H
#define SYNCDIR_ALONE_H

#include <stdbool.h>

/* NULL, or why it is not, or may not be. */
const char *why_not_alone(void);

/* Whether closing some file may let go of a lock that this process holds. */
bool may_hold_locks(void);

#endif
