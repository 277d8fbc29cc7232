/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symlink(2), then a flush of the directory that holds PATH. */
#include "core/internal.h"

EXPORT int syncdir_symlink(const char *target, const char *path)
{
  if (NEXT(symlink)(target, path) == -1)
    return -1;
  return durable_name("symlink", AT_FDCWD, path);
}
