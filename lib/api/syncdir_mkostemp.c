/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkostemp(3), then a flush of the directory that holds the new file. */
#include "core/internal.h"

EXPORT int syncdir_mkostemp(char *template, int flags)
{
  return durable_open("mkostemp", NEXT(mkostemp)(template, flags), AT_FDCWD, template,
                      O_CREAT | O_EXCL, NULL);
}

EXPORT int syncdir_mkostemp64(char *template, int flags)
{
  return durable_open("mkostemp64", NEXT(mkostemp64)(template, flags), AT_FDCWD, template,
                      O_CREAT | O_EXCL, NULL);
}
