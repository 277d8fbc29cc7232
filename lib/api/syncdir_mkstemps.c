/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkstemps(3), then a flush of the directory that holds the new file. */
#include "core/internal.h"

EXPORT int syncdir_mkstemps(char *template, int suffix)
{
  return durable_open("mkstemps", NEXT(mkstemps)(template, suffix), AT_FDCWD, template,
                      O_CREAT | O_EXCL, NULL);
}

EXPORT int syncdir_mkstemps64(char *template, int suffix)
{
  return durable_open("mkstemps64", NEXT(mkstemps64)(template, suffix), AT_FDCWD, template,
                      O_CREAT | O_EXCL, NULL);
}
