/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mknod(2), then a flush of the directory that holds PATH. */
#include "core/internal.h"

EXPORT int syncdir_mknod(const char *path, mode_t mode, dev_t device)
{
  if (NEXT(mknod)(path, mode, device) == -1)
    return -1;
  return durable_name("mknod", AT_FDCWD, path);
}
