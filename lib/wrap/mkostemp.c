/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkostemp(3), durable. */
#include "wrap/wrap.h"

WRAP int mkostemp(char *template, int flags)
{
  return syncdir_mkostemp(template, flags);
}

WRAP int mkostemp64(char *template, int flags)
{
  return syncdir_mkostemp64(template, flags);
}

MARK(mkostemp)
