/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkostemps(3), then a flush of the directory that holds the new file. */
#include "core/internal.h"

EXPORT int syncdir_mkostemps(char *template, int suffix, int flags)
{
  return durable_open("mkostemps", NEXT(mkostemps)(template, suffix, flags), AT_FDCWD, template,
                      O_CREAT | O_EXCL, NULL);
}

EXPORT int syncdir_mkostemps64(char *template, int suffix, int flags)
{
  return durable_open("mkostemps64", NEXT(mkostemps64)(template, suffix, flags), AT_FDCWD, template,
                      O_CREAT | O_EXCL, NULL);
}
