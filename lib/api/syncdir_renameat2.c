/* SPDX-License-Identifier: GPL-2.0-or-later */
/* renameat2(2), then a flush of both directories. */
#include "core/internal.h"

EXPORT int syncdir_renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath,
                             unsigned int flags)
{
  bool others = has_other_names(newdirfd, newpath);

  if (write_before_rename("renameat2", olddirfd, oldpath, newdirfd, newpath, flags) == -1
      || NEXT(renameat2)(olddirfd, oldpath, newdirfd, newpath, flags) == -1)
    return -1;
  return durable_rename("renameat2", olddirfd, oldpath, newdirfd, newpath, flags, others);
}
