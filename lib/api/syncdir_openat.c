/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openat(2), then, if it made the file, a flush of the directory that holds it. */
#include "core/internal.h"

EXPORT int syncdir_openat(int dirfd, const char *path, int flags, ...)
{
  struct before before;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(openat)(dirfd, path, flags, mode);
  before = before_open(dirfd, path, flags);
  return durable_open("openat", NEXT(openat)(dirfd, path, flags, mode), dirfd, path, flags,
                      &before);
}

EXPORT int syncdir_openat64(int dirfd, const char *path, int flags, ...)
{
  struct before before;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(openat64)(dirfd, path, flags, mode);
  before = before_open(dirfd, path, flags);
  return durable_open("openat64", NEXT(openat64)(dirfd, path, flags, mode), dirfd, path, flags,
                      &before);
}
