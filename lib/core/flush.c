/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One flush, and the ladder: what to do instead where it cannot be had.
 *
 * What fsync(2) and syncfs(2) may answer, and what we make of it:
 *
 *   EINTR                         again
 *   EINVAL ENOTSUP ENOSYS EBADF   not for directories, or not here: next rung
 *   EPERM, of syncfs only         a seccomp filter's way to say ENOSYS
 *   EIO ENOSPC EDQUOT EROFS ...   the change may be lost: the caller's errno.
 *                                 Never again, for a second fsync may succeed
 *                                 without having saved anything; and EROFS is
 *                                 a journal that was aborted a moment ago.
 *
 * An operation that has happened is never reported as failed because we lacked
 * a permission, a descriptor or a system call. */
#include <errno.h>
#include <stdbool.h>

#include "core/errors.h"
#include "core/flush.h"
#include "core/parent.h"
#include "core/settings.h"
#include "core/sys.h"
#include "core/trace.h"
#include "defer/defer.h"

enum how { FSYNC, SYNCFS, SYNC };

static int flush_once(enum how how, int fd)
{
  switch (how) {
    case FSYNC:  return sys_fsync(fd);
    case SYNCFS: return sys_syncfs(fd);
    default:     return sys_sync();
  }
}

/* The one place where a name is flushed. */
static int flush(const struct change *change, enum how how, int fd)
{
  static const char *const name[] = { "fsync", "syncfs", "sync" };
  long long begin = tracing() ? microseconds() : 0;
  int result;

  do
    result = flush_once(how, fd);
  while (result == -1 && errno == EINTR);
  if (tracing())
    trace_flush(change->call, change->path, fd, name[how],
                result == -1 ? errno : 0, microseconds() - begin);
  return result;
}

/* The last rung.  It needs no descriptor, and reports no errors; WHY is the
 * caller's errno where even this is refused.  Twice: the first writes what a
 * filesystem without a journal keeps in the cache of its device after it has
 * flushed that device, and the second flushes it again. */
static int flush_everything(const struct change *change, int why)
{
  if (flush(change, SYNC, NONE) == 0 && flush(change, SYNC, NONE) == 0)
    return 0;
  errno = why;
  return -1;
}

int flush_by_syncfs(const struct change *change, int fd)
{
  if (flush(change, SYNCFS, fd) == 0)
    return 0;
  if (not_for_directories(errno) || errno == EPERM)
    return flush_everything(change, errno);
  return -1;
}

/* Without a journal only the second flushes the disk's cache after the last
 * write. */
int flush_by_syncfs_and_fsync(const struct change *change, int fd)
{
  if (flush_by_syncfs(change, fd) == -1)
    return -1;
  if (flush(change, FSYNC, fd) == 0 || not_for_directories(errno))
    return 0;
  return -1;
}

static int still_alive(int directory)
{
  struct sys_stat st;

  return sys_stat_fd(directory, STAT_TYPE, &st) == -1 && errno == EIO ? -1 : 0;
}

int flush_directory_now(const struct change *change, const struct filesystem *needs,
                        int directory)
{
  if (flush(change, FSYNC, directory) == 0)
    return needs->fsync_hides_shutdown ? still_alive(directory) : 0;
  if (!not_for_directories(errno))
    return -1;
  return flush_by_syncfs_and_fsync(change, change->file != NONE ? change->file : directory);
}

int flush_directory(const struct change *change, const struct filesystem *needs,
                    int directory)
{
  if (deferring && defer_flush(change, needs, directory))
    return 0;
  return flush_directory_now(change, needs, directory);
}

int flush_inode(const struct change *change, int inode, int directory)
{
  if (flush(change, FSYNC, inode) == 0)
    return 0;
  return not_for_directories(errno) ? flush_by_syncfs(change, directory) : -1;
}

int flush_unopened(const struct change *change, int fd)
{
  int why = errno, ancestor, result;

  if (!only_cannot_open(why))
    return -1;
  if (change->file != NONE)
    fd = change->file;
  if (fd != NONE)
    return flush_by_syncfs_and_fsync(change, fd);
  ancestor = open_ancestor(change->dirfd, change->path);
  if (ancestor == -1)
    return only_cannot_open(errno) ? flush_everything(change, why) : -1;
  result = flush_by_syncfs_and_fsync(change, ancestor);
  sys_close(ancestor);
  return result;
}
