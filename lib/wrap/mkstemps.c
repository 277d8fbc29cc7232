/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkstemps(3), durable. */
#include "wrap/wrap.h"

WRAP int mkstemps(char *template, int suffix)
{
  return syncdir_mkstemps(template, suffix);
}

WRAP int mkstemps64(char *template, int suffix)
{
  return syncdir_mkstemps64(template, suffix);
}

MARK(mkstemps)
