/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One flush for many changes: the caller knows when it tells the world. */
#include "core/internal.h"
#include "defer/hold.h"

EXPORT int syncdir_hold(void)
{
  return hold_begin();
}

EXPORT int syncdir_release(void)
{
  return hold_end();
}
