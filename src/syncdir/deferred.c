/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the deferred mode can be had on this machine: the kernel is asked for what the
 * library will ask it for. */
#include <stddef.h>
#include <sys/prctl.h>

#include "deferred.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

const char *why_never_deferred(void)
{
  static volatile char selector; /* 0: every call passes */

  if (prctl(PR_GET_SECCOMP) != 0)
    return "a seccomp filter is in force here, which sees calls that the program has not made";
  if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &selector) == -1)
    return "the kernel has no syscall user dispatch (Linux 5.11), or it is refused here";
  prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0, 0, 0);
  return NULL;
}

#else

const char *why_never_deferred(void)
{
  return "it is for x86-64 alone";
}

#endif
