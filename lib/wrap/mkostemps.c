/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkostemps(3), durable. */
#include "wrap/wrap.h"

EXPORT int mkostemps(char *template, int suffix, int flags)
{
  return syncdir_mkostemps(template, suffix, flags);
}

EXPORT int mkostemps64(char *template, int suffix, int flags)
{
  return syncdir_mkostemps64(template, suffix, flags);
}

MARK("mkostemps")
