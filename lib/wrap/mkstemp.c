/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkstemp(3), durable. */
#include "wrap/wrap.h"

EXPORT int mkstemp(char *template)
{
  return syncdir_mkstemp(template);
}

EXPORT int mkstemp64(char *template)
{
  return syncdir_mkstemp64(template);
}

MARK("mkstemp")
