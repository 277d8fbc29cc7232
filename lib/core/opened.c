/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open with O_CREAT: did it make the file, and in which directory? */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/change.h"
#include "core/descriptor.h"
#include "core/durable.h"
#include "core/filesystem.h"
#include "core/parent.h"
#include "core/settings.h"
#include "core/sys.h"
#include "core/text.h"

/* More than coarse timestamps and a stepped clock can account for. */
enum { SECONDS_OF_YOUTH = 60 };

/* More than two ticks of the coarse clock by which inodes are born. */
enum { NANOSECONDS_OF_TICKS = 25000000 };

/* All zero if it is unknown. */
static struct sys_time time_now(void)
{
  struct sys_time now;

  return sys_clock(CLOCK_REALTIME, &now) == 0 ? now : (struct sys_time) { 0, 0 };
}

static int64_t a_minute_before(struct sys_time now)
{
  return now.seconds ? now.seconds - SECONDS_OF_YOUTH : 0;
}

static struct birth birth_of(const struct sys_stat *file)
{
  return (struct birth) { file->inode, file->major, file->minor, file->born.seconds,
                          file->born.nanoseconds };
}

/* Whether FILE was born so long before NOW that no inode gets this time of birth any more. */
static bool is_born_before(const struct sys_stat *file, struct sys_time now)
{
  int64_t seconds = now.seconds - file->born.seconds;

  if (seconds < 0 || seconds > 1)
    return seconds > 1;
  return seconds * 1000000000 + now.nanoseconds - file->born.nanoseconds > NANOSECONDS_OF_TICKS;
}

/* A flush of this process has failed.  When the program tries the call again, it finds the
 * file that the first call made, and that file must be flushed. */
static atomic_bool has_failed;

/* Whether PATH leads to nothing; if it leads to something, FILE is that.  This is looked at
 * only if the call empties what it finds (O_TRUNC): to flush the directory of a file that
 * was not made would make the emptied file durable before its new bytes. */
static bool is_missing(int dirfd, const char *path, int flags, struct sys_stat *file)
{
  int follow = flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;

  file->mask = 0;
  return (flags & O_TRUNC) && !has_failed
      && sys_statx(dirfd, path, follow, STAT_TYPE | STAT_INODE | STAT_BORN, file) == -1
      && errno == ENOENT;
}

/* Where there is nothing, the clock is not asked: what the call returns there is new. */
struct before look_before_open(int dirfd, const char *path, int flags)
{
  struct before before = { 0 };
  struct sys_stat file;
  struct sys_time now;
  int saved = errno;

  if (flushing() && !is_missing(dirfd, path, flags, &file)) {
    now = time_now();
    before.earliest = a_minute_before(now);
    if ((file.mask & STAT_INODE) && (file.mask & STAT_BORN) && is_born_before(&file, now))
      before.found = birth_of(&file);
  }
  errno = saved;
  return before;
}

/* Whether FILE was born before EARLIEST, and what the call makes cannot have been.
 * If the clock has been set back since the call, it may. */
static bool certainly_old(const struct sys_stat *file, int64_t earliest)
{
  return file->born.seconds < earliest && a_minute_before(time_now()) >= earliest;
}

/* Whether FILE is what the path led to before the call. */
static bool was_found(const struct sys_stat *file, const struct birth *found)
{
  const struct birth birth = birth_of(file);

  return found->seconds && birth.inode == found->inode && birth.major == found->major
      && birth.minor == found->minor && birth.seconds == found->seconds
      && birth.nanoseconds == found->nanoseconds;
}

static bool was_there(const struct sys_stat *file, const struct before *before)
{
  return before && (file->mask & STAT_BORN)
      && (certainly_old(file, before->earliest) || was_found(file, &before->found));
}

/* Under SYNCDIR_ONLY a directory may turn out not to be wanted: it is not opened for
 * reading before that is known. */
static int how_to_open(void)
{
  return only_some() ? LOOK_AT_DIRECTORY : OPEN_DIRECTORY;
}

/* Whether the final component of PATH, in its open PARENT, is FILE itself. */
static bool holds(int parent, const char *path, const struct sys_stat *file)
{
  struct sys_stat found;

  return sys_statx(parent, parent_of(path).name, AT_SYMLINK_NOFOLLOW, STAT_INODE, &found) == 0
      && same_inode(&found, file);
}

/* Opens the parent of PATH if that holds FILE. */
static int open_if_holder(const char *path, const struct sys_stat *file)
{
  int parent = open_parent(AT_FDCWD, path, how_to_open());

  if (parent != -1 && !holds(parent, path, file)) {
    sys_close(parent);
    return -1;
  }
  return parent;
}

/* Apart from open_real_parent, so that only a long path takes this much stack. */
__attribute__((noinline)) static int open_long_real_parent(int fd, const struct sys_stat *file)
{
  char path[PATH_MAX];
  ssize_t length = path_of_descriptor(fd, path, sizeof path);

  return length == -1 || length == sizeof path - 1 ? -1 : open_if_holder(path, file);
}

/* Opens the directory that holds FILE, by where /proc says that its descriptor
 * leads. */
static int open_real_parent(int fd, const struct sys_stat *file)
{
  char path[USUAL_PATH];
  ssize_t length = path_of_descriptor(fd, path, sizeof path);

  if (length == sizeof path - 1)
    return open_long_real_parent(fd, file);
  return length == -1 ? -1 : open_if_holder(path, file);
}

/* Whether PARENT is the directory in which FILE was made.  It is not if the name was a
 * symlink, or if the path leads elsewhere by now (a symlink in it was replaced, or
 * another thread called chdir).  Where a seccomp filter refuses statx this cannot be
 * checked: the path is believed, unless the call follows symlinks. */
static bool is_holder(int parent, const char *path, const struct sys_stat *file, int flags)
{
  if (file->mask == 0)
    return flags & (O_EXCL | O_NOFOLLOW);
  return holds(parent, path, file);
}

/* Opens the directory that holds FILE: PARENT, or another.  -1, with any errno, if no name
 * of FILE is known. */
static int open_holder(const struct change *change, int parent, const struct sys_stat *file,
                       int flags)
{
  if (is_holder(parent, change->path, file, flags))
    return parent;
  sys_close(parent);
  return open_real_parent(change->file, file);
}

static bool has_no_name(int fd)
{
  struct sys_stat file;

  return sys_stat_fd(fd, STAT_LINKS, &file) == 0 && file.links == 0;
}

/* PARENT is closed. */
static int flush_and_close(const struct change *change, const struct filesystem *by_type,
                           const struct sys_stat *file, int parent)
{
  int result = flush_below(change, filesystem_by_journal(by_type, file), parent);

  sys_close(parent);
  return result;
}

/* PARENT was opened to be looked at, and is closed. */
static int flush_if_wanted(const struct change *change, const struct filesystem *by_type,
                           const struct sys_stat *file, int parent)
{
  bool is_wanted = wanted(parent);
  int readable = is_wanted ? sys_openat(parent, ".", OPEN_DIRECTORY) : NONE;

  sys_close(parent);
  if (!is_wanted)
    return 0;
  return readable == -1 ? flush_unopened(change, NONE)
                        : flush_and_close(change, by_type, file, readable);
}

/* FILE may be new: flushes it, and the directory that holds it. */
static int flush_new(const struct change *change, const struct sys_stat *file,
                     const struct filesystem *by_type, int flags)
{
  int parent = open_parent(change->dirfd, change->path, how_to_open());

  if (parent == -1)
    return flush_unopened(change, NONE);
  parent = open_holder(change, parent, file, flags);
  if (parent == -1)
    return has_no_name(change->file) ? 0 : flush_by_syncfs_and_fsync(change, change->file);
  if (!only_some())
    return flush_and_close(change, by_type, file, parent);
  return flush_if_wanted(change, by_type, file, parent);
}

static int flush_if_made(const struct change *change, int flags)
{
  const struct sys_stat file = sys_stat_of(change->file,
                                           STAT_TYPE | STAT_INODE | STAT_BORN | STAT_ANY_MOUNT);
  const struct filesystem *by_type;

  if (file.mask && !S_ISREG(file.mode))
    return 0;
  by_type = filesystem_by_type(change->file, &file);
  if (by_type->in_memory || (by_type->believe_birth && was_there(&file, change->before)))
    return 0;
  return flush_new(change, &file, by_type, flags);
}

int durable_file(const char *call, int fd, int dirfd, const char *path, int flags,
                 const struct before *before)
{
  const struct change change = {
    .call = call, .dirfd = dirfd, .path = path, .before = before, .file = fd
  };
  int saved = errno, result;

  if (!flushing())
    return 0;
  result = with_errno(saved, flush_if_made(&change, flags));
  if (result == -1)
    has_failed = true;
  return result;
}

int durable_or_close(const char *call, int fd, int dirfd, const char *path, int flags,
                     const struct before *before)
{
  if (durable_file(call, fd, dirfd, path, flags, before) == 0)
    return fd;
  sys_close(fd);
  return -1;
}
