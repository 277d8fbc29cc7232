/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rmdir(2), then a flush of the directory that held PATH. */
#include "core/internal.h"

EXPORT int syncdir_rmdir(const char *path)
{
  if (NEXT(rmdir)(path) == -1)
    return -1;
  return durable_name("rmdir", AT_FDCWD, path);
}
