/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fopen(3), durable. */
#include "wrap/wrap.h"

WRAP FILE *fopen(const char *path, const char *mode)
{
  return syncdir_fopen(path, mode);
}

WRAP FILE *fopen64(const char *path, const char *mode)
{
  return syncdir_fopen64(path, mode);
}

EXPORT FILE *_IO_fopen(const char *path, const char *mode)
{
  const struct before before = before_open(AT_FDCWD, path, creation_flags_of_mode(mode));

  return durable_fopen("_IO_fopen", NEXT(_IO_fopen)(path, mode), path, mode, &before);
}

MARK(fopen)
ALIAS(fopen64, _IO_fopen64)
