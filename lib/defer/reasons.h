/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether this process has any reason to put flushes off. */
#ifndef SYNCDIR_REASONS_H
#define SYNCDIR_REASONS_H

#include <stdatomic.h>
#include <stdbool.h>

/* Whether the mode is deferred (defer/defer.h): under SYNCDIR_MODE=deferred; in a program
 * with the archive, if it was linked for it, and not under SYNCDIR_MODE=strict. */
extern bool deferring;

/* How many reasons there are: the deferred mode, and each thread that holds. */
extern atomic_int reasons_to_put_off;

static inline bool may_put_off(void)
{
  return atomic_load_explicit(&reasons_to_put_off, memory_order_relaxed) != 0;
}

#endif
