/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkdir(2), then a flush of the directory that holds PATH. */
#include "core/internal.h"

EXPORT int syncdir_mkdir(const char *path, mode_t mode)
{
  if (NEXT(mkdir)(path, mode) == -1)
    return -1;
  return durable_directory("mkdir", AT_FDCWD, path);
}
