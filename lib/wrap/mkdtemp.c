/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkdtemp(3), durable. */
#include "wrap/wrap.h"

WRAP char *mkdtemp(char *template)
{
  return syncdir_mkdtemp(template);
}

MARK(mkdtemp)
