/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openat(2), durable.  Not by way of syncdir_openat: see open.c. */
#include "wrap/wrap.h"

WRAP int openat(int dirfd, const char *path, int flags, ...)
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

WRAP int openat64(int dirfd, const char *path, int flags, ...)
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

MARK(openat)
ALIAS(openat, __openat)
ALIAS(openat64, __openat64)
ALIAS(openat64, __libc_openat64)
