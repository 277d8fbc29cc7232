/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a name durable that is already there. */
#include <errno.h>

#include "core/internal.h"
#include "core/sys.h"

/* As in every other call, the kernel checks the path before we read it. */
static bool is_there(int dirfd, const char *path)
{
  struct sys_stat there;
  int saved = errno, fd;

  if (sys_statx(dirfd, path, AT_SYMLINK_NOFOLLOW, STAT_TYPE, &there) == 0)
    return true;
  if (errno != ENOSYS && errno != EPERM)
    return false;
  /* A seccomp filter, or an old kernel, refuses statx. */
  fd = sys_openat(dirfd, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd == -1)
    return false;
  sys_close(fd);
  errno = saved;
  return true;
}

EXPORT int syncdir_sync_parent(int dirfd, const char *path)
{
  if (!is_there(dirfd, path))
    return -1;
  return durable_found("syncdir_sync_parent", dirfd, path);
}
