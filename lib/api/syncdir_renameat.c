/* SPDX-License-Identifier: GPL-2.0-or-later */
/* renameat(2), then a flush of both directories. */
#include "core/internal.h"

EXPORT int syncdir_renameat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath)
{
  bool others = has_other_names(newdirfd, newpath);

  if (write_before_rename("renameat", olddirfd, oldpath, newdirfd, newpath, 0) == -1
      || NEXT(renameat)(olddirfd, oldpath, newdirfd, newpath) == -1)
    return -1;
  return durable_rename("renameat", olddirfd, oldpath, newdirfd, newpath, 0, others);
}
