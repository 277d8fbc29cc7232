/* SPDX-License-Identifier: GPL-2.0-or-later */
/* creat(2), then, if it made the file, a flush of the directory that holds it. */
#include "core/internal.h"

EXPORT int syncdir_creat(const char *path, mode_t mode)
{
  const struct before before = before_open(AT_FDCWD, path, O_CREAT | O_TRUNC);

  return durable_open("creat", NEXT(creat)(path, mode), AT_FDCWD, path, O_CREAT, &before);
}

EXPORT int syncdir_creat64(const char *path, mode_t mode)
{
  const struct before before = before_open(AT_FDCWD, path, O_CREAT | O_TRUNC);

  return durable_open("creat64", NEXT(creat64)(path, mode), AT_FDCWD, path, O_CREAT, &before);
}
