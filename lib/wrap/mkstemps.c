/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkstemps(3), durable. */
#include "core/internal.h"

EXPORT int mkstemps(char *template, int suffix)
{
  return syncdir_mkstemps(template, suffix);
}

EXPORT int mkstemps64(char *template, int suffix)
{
  return syncdir_mkstemps64(template, suffix);
}
