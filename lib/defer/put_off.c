/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush that need not be done yet. */
#include "defer/defer.h"
#include "defer/hold.h"
#include "defer/put_off.h"

bool put_off(const struct change *change, const struct filesystem *needs, int parent)
{
  return (holding_threads != 0 && hold_flush(needs, parent))
      || (deferring && defer_flush(change, needs, parent));
}
