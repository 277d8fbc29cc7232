/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linkat(2), then a flush of the directory that holds NEWPATH.  OLDPATH may be empty or lead
 * into /proc, for a file that O_TMPFILE made. */
#include "core/internal.h"

EXPORT int syncdir_linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath,
                          int flags)
{
  if (write_before_link("linkat", olddirfd, oldpath, newdirfd, newpath, flags) == -1
      || NEXT(linkat)(olddirfd, oldpath, newdirfd, newpath, flags) == -1)
    return -1;
  return durable_name("linkat", newdirfd, newpath);
}
