/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mknodat(2), then a flush of the directory that holds PATH. */
#include "core/internal.h"

EXPORT int syncdir_mknodat(int dirfd, const char *path, mode_t mode, dev_t device)
{
  if (NEXT(mknodat)(dirfd, path, mode, device) == -1)
    return -1;
  return durable_name("mknodat", dirfd, path);
}
