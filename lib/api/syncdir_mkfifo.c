/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkfifo(3), then a flush of the directory that holds PATH. */
#include "core/internal.h"

EXPORT int syncdir_mkfifo(const char *path, mode_t mode)
{
  if (NEXT(mkfifo)(path, mode) == -1)
    return -1;
  return durable_name("mkfifo", AT_FDCWD, path);
}
