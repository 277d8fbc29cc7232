/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fopen(3), then, if it made the file, a flush of the directory that holds it.
 * libc's own fopen does not go through open. */
#include "core/internal.h"

EXPORT FILE *syncdir_fopen(const char *path, const char *mode)
{
  const struct before before = before_open(AT_FDCWD, path, creation_flags_of_mode(mode));

  return durable_fopen("fopen", NEXT(fopen)(path, mode), path, mode, &before);
}

EXPORT FILE *syncdir_fopen64(const char *path, const char *mode)
{
  const struct before before = before_open(AT_FDCWD, path, creation_flags_of_mode(mode));

  return durable_fopen("fopen64", NEXT(fopen64)(path, mode), path, mode, &before);
}
