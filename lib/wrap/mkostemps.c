/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkostemps(3), durable. */
#include "wrap/wrap.h"

WRAP int mkostemps(char *template, int suffix, int flags)
{
  return syncdir_mkostemps(template, suffix, flags);
}

WRAP int mkostemps64(char *template, int suffix, int flags)
{
  return syncdir_mkostemps64(template, suffix, flags);
}

MARK(mkostemps)
