/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open(2), then, if it made the file, a flush of the directory that holds it. */
#include "core/internal.h"

EXPORT int syncdir_open(const char *path, int flags, ...)
{
  int64_t earliest;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(open)(path, flags, mode);
  earliest = earliest_birth(flags);
  return durable_open("open", NEXT(open)(path, flags, mode), AT_FDCWD, path, flags, earliest);
}

EXPORT int syncdir_open64(const char *path, int flags, ...)
{
  int64_t earliest;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(open64)(path, flags, mode);
  earliest = earliest_birth(flags);
  return durable_open("open64", NEXT(open64)(path, flags, mode), AT_FDCWD, path, flags, earliest);
}
