/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkdirat(2), then a flush of the directory that holds PATH. */
#include "core/internal.h"

EXPORT int syncdir_mkdirat(int dirfd, const char *path, mode_t mode)
{
  if (NEXT(mkdirat)(dirfd, path, mode) == -1)
    return -1;
  return durable_directory("mkdirat", dirfd, path);
}
