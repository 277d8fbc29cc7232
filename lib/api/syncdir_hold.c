/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One flush for many changes: the caller says when they must be durable. */
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
