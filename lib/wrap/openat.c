/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openat(2), durable. */
#include "core/internal.h"

EXPORT int openat(int dirfd, const char *path, int flags, ...)
{
  mode_t mode = 0;

  READ_MODE(mode, flags);
  return syncdir_openat(dirfd, path, flags, mode);
}

EXPORT int openat64(int dirfd, const char *path, int flags, ...)
{
  mode_t mode = 0;

  READ_MODE(mode, flags);
  return syncdir_openat64(dirfd, path, flags, mode);
}
