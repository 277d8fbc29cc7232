/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkstemp(3), then a flush of the directory that holds the new file. */
#include "core/internal.h"

EXPORT int syncdir_mkstemp(char *template)
{
  return durable_open("mkstemp", NEXT(mkstemp)(template), AT_FDCWD, template, O_CREAT | O_EXCL,
                      NULL);
}

EXPORT int syncdir_mkstemp64(char *template)
{
  return durable_open("mkstemp64", NEXT(mkstemp64)(template), AT_FDCWD, template, O_CREAT | O_EXCL,
                      NULL);
}
