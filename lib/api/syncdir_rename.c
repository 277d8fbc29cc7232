/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rename(2), then a flush of both directories.  Which comes first, and whether
 * both are needed, is the filesystem's: core/filesystem.c says so. */
#include "core/internal.h"

EXPORT int syncdir_rename(const char *oldpath, const char *newpath)
{
  bool others = has_other_names(AT_FDCWD, newpath);

  if (write_before_rename("rename", AT_FDCWD, oldpath, AT_FDCWD, newpath, 0) == -1
      || NEXT(rename)(oldpath, newpath) == -1)
    return -1;
  return durable_rename("rename", AT_FDCWD, oldpath, AT_FDCWD, newpath, 0, others);
}
