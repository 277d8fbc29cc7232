/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkstemp(3), durable. */
#include "wrap/wrap.h"

WRAP int mkstemp(char *template)
{
  return syncdir_mkstemp(template);
}

WRAP int mkstemp64(char *template)
{
  return syncdir_mkstemp64(template);
}

MARK(mkstemp)
