/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a name durable that is already there. */
#include "core/internal.h"
#include "core/sys.h"

EXPORT int syncdir_sync_parent(int dirfd, const char *path)
{
  struct sys_stat there;

  /* The kernel judges the path, as in every other call, before we read it. */
  if (sys_statx(dirfd, path, AT_SYMLINK_NOFOLLOW, &there) == -1)
    return -1;
  return flush_new_name("syncdir_sync_parent", dirfd, path);
}
