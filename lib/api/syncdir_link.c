/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link(2), then a flush of the directory that holds NEWPATH. */
#include "core/internal.h"

EXPORT int syncdir_link(const char *oldpath, const char *newpath)
{
  if (write_before_link("link", AT_FDCWD, oldpath, AT_FDCWD, newpath, 0) == -1
      || NEXT(link)(oldpath, newpath) == -1)
    return -1;
  return durable_name("link", AT_FDCWD, newpath);
}
