/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkfifoat(3), then a flush of the directory that holds PATH. */
#include "core/internal.h"

EXPORT int syncdir_mkfifoat(int dirfd, const char *path, mode_t mode)
{
  if (NEXT(mkfifoat)(dirfd, path, mode) == -1)
    return -1;
  return durable_name("mkfifoat", dirfd, path);
}
