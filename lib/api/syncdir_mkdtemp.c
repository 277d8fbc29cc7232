/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkdtemp(3), then a flush of the directory that holds the new directory. */
#include "core/internal.h"

EXPORT char *syncdir_mkdtemp(char *template)
{
  char *made = NEXT(mkdtemp)(template);

  if (made && durable_directory("mkdtemp", AT_FDCWD, made) == -1)
    return NULL;
  return made;
}
