/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open(2), durable.  Not by way of syncdir_open: a program opens far more files
 * than it makes, and a second variadic call would double what we cost it. */
#include "wrap/wrap.h"

WRAP int open(const char *path, int flags, ...)
{
  struct before before;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(open)(path, flags, mode);
  before = before_open(AT_FDCWD, path, flags);
  return durable_open("open", NEXT(open)(path, flags, mode), AT_FDCWD, path, flags, &before);
}

WRAP int open64(const char *path, int flags, ...)
{
  struct before before;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(open64)(path, flags, mode);
  before = before_open(AT_FDCWD, path, flags);
  return durable_open("open64", NEXT(open64)(path, flags, mode), AT_FDCWD, path, flags, &before);
}

EXPORT int __open(const char *path, int flags, ...)
{
  struct before before;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(__open)(path, flags, mode);
  before = before_open(AT_FDCWD, path, flags);
  return durable_open("__open", NEXT(__open)(path, flags, mode), AT_FDCWD, path, flags, &before);
}

EXPORT int __open64(const char *path, int flags, ...)
{
  struct before before;
  mode_t mode = 0;

  READ_MODE(mode, flags);
  if (!makes_name(flags))
    return NEXT(__open64)(path, flags, mode);
  before = before_open(AT_FDCWD, path, flags);
  return durable_open("__open64", NEXT(__open64)(path, flags, mode), AT_FDCWD, path, flags,
                      &before);
}

MARK(open)
ALIAS(open, __libc_open)
ALIAS(open64, __libc_open64)
