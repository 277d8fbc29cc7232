/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symlinkat(2), then a flush of the directory that holds PATH. */
#include "core/internal.h"

EXPORT int syncdir_symlinkat(const char *target, int dirfd, const char *path)
{
  if (NEXT(symlinkat)(target, dirfd, path) == -1)
    return -1;
  return durable_name("symlinkat", dirfd, path);
}
