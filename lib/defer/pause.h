/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library's own calls in the deferred mode: no signal comes between them, and they
 * are not dispatched. */
#ifndef SYNCDIR_PAUSE_H
#define SYNCDIR_PAUSE_H

#include "core/sys.h"

#ifdef ARCHIVE
/* Only in programs that ask for it. */
#define DEFER_SYMBOL __attribute__((weak))
#else
#define DEFER_SYMBOL
#endif

/* What happens to the calls of the thread while a batch is open: the kernel reads this at
 * each of them. */
enum { ALLOW = 0, BLOCK = 1 }; /* SYSCALL_DISPATCH_FILTER_... */
extern volatile unsigned char call_selector __attribute__((visibility("hidden")));

/* What was in force before a pause. */
struct pause {
  sys_signals blocked;
  unsigned char calls;
};

/* Blocks all signals, and lets the library's own calls pass, until it goes on.
 * Returns 0, or -1 and errno. */
DEFER_SYMBOL int defer_pause(struct pause *before);
DEFER_SYMBOL void defer_go_on(const struct pause *before);

#endif
