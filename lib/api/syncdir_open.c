/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open(2), then, if it made the file, a flush of the directory that holds it. */
#include "core/internal.h"

EXPORT int syncdir_open(const char *path, int flags, ...)
{
  struct before before;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(open)(path, flags, mode);
  before = before_open(AT_FDCWD, path, flags);
  return durable_open("open", NEXT(open)(path, flags, mode), AT_FDCWD, path, flags, &before);
}

EXPORT int syncdir_open64(const char *path, int flags, ...)
{
  struct before before;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(open64)(path, flags, mode);
  before = before_open(AT_FDCWD, path, flags);
  return durable_open("open64", NEXT(open64)(path, flags, mode), AT_FDCWD, path, flags, &before);
}
