/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One flush, and the ladder: what to do instead where a flush does not work.
 *
 * What fsync(2) and syncfs(2) may answer, and what follows:
 *
 *   EINTR                         it is tried again
 *   EINVAL ENOTSUP ENOSYS EBADF   not for directories, or not here: next rung
 *   EPERM, of syncfs only         a seccomp filter's way to say ENOSYS
 *   EIO ENOSPC EDQUOT EROFS ...   the change may be lost, and the caller gets this
 *                                 errno.  It is not tried again: a second fsync may
 *                                 succeed without having saved anything.  EROFS
 *                                 means a journal that was aborted a moment ago.
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

enum how { FSYNC, SYNCFS, SYNC };

static int flush_once(enum how how, int fd)
{
  switch (how) {
    case FSYNC: return sys_fsync(fd);
    case SYNCFS: return sys_syncfs(fd);
    default: return sys_sync();
  }
}

/* What an fsync did besides its answer, as far as its thread's counters tell. */
struct seen {
  bool counted; /* false where a seccomp filter refuses to tell */
  bool dirtied; /* it made pages dirty, as writing a log does */
  bool slept;   /* it waited, for the disk or for a lock */
};

/* fsync, and what it did.  All signals are blocked, because what a handler writes and
 * waits for would be counted as well. */
static int fsync_seen(int fd, struct seen *seen)
{
  static const sys_signals all = ~(sys_signals) 0;
  struct sys_usage before, after;
  sys_signals blocked;
  bool alone = sys_block(&all, &blocked) == 0;
  bool begun = alone && sys_usage_of_thread(&before) == 0;
  int result = sys_fsync(fd), saved = errno;

  seen->counted = begun && sys_usage_of_thread(&after) == 0;
  if (alone)
    sys_set_blocked(&blocked);
  seen->dirtied = seen->counted && after.blocks_dirtied != before.blocks_dirtied;
  seen->slept = seen->counted && after.sleeps != before.sleeps;
  errno = saved;
  return result;
}

/* The one place where a name is flushed.  SEEN, if not NULL, is for fsync. */
static int flush_and_see(const struct change *change, enum how how, int fd, struct seen *seen)
{
  static const char *const name[] = { "fsync", "syncfs", "sync" };
  long long begin = tracing() ? microseconds() : 0;
  int result;

  do
    result = seen ? fsync_seen(fd, seen) : flush_once(how, fd);
  while (result == -1 && errno == EINTR);
  if (tracing())
    trace_flush(change->call, change->path, fd, name[how], result == -1 ? errno : 0,
                microseconds() - begin);
  return result;
}

static int flush(const struct change *change, enum how how, int fd)
{
  return flush_and_see(change, how, fd, NULL);
}

/* sync is called twice: without a journal the first call flushes the disk's cache before
 * it has written all metadata, and only the second flushes the cache again. */
int flush_everything(const struct change *change, int why)
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

/* Without a journal only the fsync flushes the disk's cache after the last write. */
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

/* fsync on a filesystem where it may return 0 without having flushed anything.
 *
 * btrfs (btrfs_inode_in_log, Linux 6.18) skips the fsync of a directory that has been put
 * into a log since its last change, if the log to which that change belongs is on the disk.
 * But the directory may have been put into the next log, which another program's fsync is
 * still writing; and the first log of a transaction has the number that means "no log yet".
 *
 * An fsync that wrote a log has made pages dirty.  For one program alone that is always so.
 * If it has not, either another program's log had the change and is on the disk, or nothing
 * was done.  Then the directory is touched: the touch belongs to the log that is being
 * written or to a later one, so the next fsync waits for everything logged before.
 *
 * An fsync that slept has waited for the other log; or only for the lock of the directory,
 * and was then skipped, which can happen a second time in the first log of a transaction.
 * That is why one sleep is not enough. */
static int fsync_surely(const struct change *change, int directory)
{
  enum { TOUCHES = 4, ENOUGH_SLEEPS = 2 };
  int touches = 0, touched = 0, sleeps = 0;
  struct seen seen;

  do {
    if (flush_and_see(change, FSYNC, directory, &seen) == -1)
      return -1;
    sleeps += seen.slept;
    if (seen.dirtied || sleeps == ENOUGH_SLEEPS)
      return 0;
  } while (seen.counted && touches++ < TOUCHES && (touched = sys_touch(directory)) == 0);
  /* A filesystem that was aborted is read-only, and syncfs passes it over. */
  if (touched == -1 && (errno == EIO || (errno == EROFS && !change->found)))
    return -1;
  return flush_by_syncfs(change, directory);
}

/* After the fsync of a directory returned RESULT: the next rung, if it does not work. */
static int or_ladder(const struct change *change, int directory, int result)
{
  if (result == 0 || !not_for_directories(errno))
    return result;
  return flush_by_syncfs_and_fsync(change, change->file != NONE ? change->file : directory);
}

int flush_directory(const struct change *change, const struct filesystem *needs, int directory)
{
  if (needs->fsync_may_skip)
    return or_ladder(change, directory, fsync_surely(change, directory));
  if (or_removed(needs, or_ladder(change, directory, flush(change, FSYNC, directory))) == -1)
    return -1;
  return needs->fsync_hides_shutdown ? still_alive(directory) : 0;
}

int flush_directory_once(const struct change *change, int directory)
{
  return or_ladder(change, directory, flush(change, FSYNC, directory));
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
