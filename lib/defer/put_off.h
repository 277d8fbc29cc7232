/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush that need not be done yet: the caller holds, or the mode is deferred. */
#ifndef SYNCDIR_PUT_OFF_H
#define SYNCDIR_PUT_OFF_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/flush.h"

/* So many reasons there are for that in this process: threads that hold, the mode. */
extern atomic_int reasons_to_put_off;

static inline bool may_put_off(void)
{
  return atomic_load_explicit(&reasons_to_put_off, memory_order_relaxed) != 0;
}

/* Whether what must be flushed after CHANGE of PARENT, whose filesystem NEEDS that,
 * waits for somebody who will do it. */
bool put_off(const struct change *change, const struct filesystem *needs, int parent);

#endif
