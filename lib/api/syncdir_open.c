/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open(2), then, if it made the file, a flush of the directory that holds it. */
#include "core/internal.h"

EXPORT int syncdir_open(const char *path, int flags, ...)
{
  mode_t mode = 0;

  READ_MODE(mode, flags);
  return durable_open("open", NEXT(open)(path, flags, mode), AT_FDCWD, path, flags);
}

EXPORT int syncdir_open64(const char *path, int flags, ...)
{
  mode_t mode = 0;

  READ_MODE(mode, flags);
  return durable_open("open64", NEXT(open64)(path, flags, mode), AT_FDCWD, path, flags);
}
