/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes before names: if a rename were durable before the bytes of its file, a power cut
 * would leave an empty file in the place of the one that had the name before.
 *
 * What is done with a file that gets a name, before the call:
 *
 *   no regular file, or an empty one; held in memory; not below SYNCDIR_ONLY:  nothing
 *   ext3 and ext4 with a journal, xfs:  sync_file_range.  It waits until the blocks
 *     are written and the extents that lead to them are in the open transaction,
 *     which the flush of the directory commits, and the disk's cache is flushed then.
 *   any other:  fdatasync
 *   an overlay that copies up by cloning:  the file is opened for writing, which copies it
 *     up, if it may lie in the lower directory; then fdatasync
 *
 * The file is opened in a task of its own (core/task.c), unless the call names a
 * descriptor of it.  Only a failure to write keeps the call from being made.  If the call
 * then fails for a reason of its own, the bytes have been written for nothing. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/bytes.h"
#include "core/filesystem.h"
#include "core/flush.h"
#include "core/overlay.h"
#include "core/parent.h"
#include "core/place.h"
#include "core/settings.h"
#include "core/task.h"
#include "core/trace.h"
#include "core/written.h"

static bool failed_to_write(int error)
{
  return error == EIO || error == ENOSPC || error == EDQUOT || error == EROFS;
}

/* The file is not there, and the call will fail too; or this program may not read it, and
 * its bytes are left to whoever has written them. */
static bool is_out_of_reach(int error)
{
  return error == ENOENT || error == ENOTDIR || error == EACCES || error == ELOOP;
}

enum how { NOT_AT_ALL, BY_RANGE, BY_FDATASYNC, BY_COPYING_UP };

struct writing {
  int dirfd, flags; /* of the open */
  const char *path;
  enum how how;
  int answer;             /* 0, an errno of failed_to_write, or UNANSWERED */
  struct sys_stat before; /* the file before it was written */
};

enum { UNANSWERED = -1 };

static int write_open_file(int fd, enum how how)
{
  int result = how == BY_RANGE ? sys_write_pages(fd) : sys_fdatasync(fd);

  if (result == -1 && how == BY_RANGE && !failed_to_write(errno))
    result = sys_fdatasync(fd);
  if (result == 0)
    return 0;
  return failed_to_write(errno) ? errno : UNANSWERED;
}

/* The answer for the open file FD, which is closed.  By now another file may have the name;
 * then that one is written, if it is regular. */
static int write_and_close(int fd, enum how how, struct sys_stat *before)
{
  int answer = UNANSWERED;

  if (sys_stat_fd(fd, STAT_STATE, before) == 0)
    answer = S_ISREG(before->mode) ? write_open_file(fd, how) : 0;
  sys_close(fd);
  return answer;
}

/* Opens the file of FD again, copied up, and closes FD; or returns FD if this program may
 * not write it. */
static int copied_up(const struct writing *writing, int fd)
{
  int copied = open_in_task(writing->dirfd, writing->path, writing->flags | O_RDWR);

  if (copied == -1)
    return fd;
  sys_close(fd);
  return copied;
}

static void write_in_task(void *argument)
{
  struct writing *writing = argument;
  int fd = open_in_task(writing->dirfd, writing->path, writing->flags);

  if (fd != -1 && writing->how == BY_COPYING_UP && !is_in_upper_alone(fd))
    fd = copied_up(writing, fd);
  if (fd != -1)
    writing->answer = write_and_close(fd, writing->how, &writing->before);
  else if (is_out_of_reach(errno))
    writing->answer = 0;
}

/* There was no task, or it failed: everything on the filesystem is written, before the
 * call.  The directory of the new name is certainly on that filesystem; a symlink that
 * linkat follows may be on another. */
static int write_everything(const struct change *new)
{
  int parent = open_parent(new->dirfd, new->path, OPEN_DIRECTORY), result;

  if (parent == -1) {
    result = flush_unopened(new, NONE);
  } else {
    result = flush_by_syncfs(new, parent);
    sys_close(parent);
  }
  return result == -1 && failed_to_write(errno) ? -1 : 0;
}

/* The descriptor of the file that linkat names: by AT_EMPTY_PATH, or by a path in /proc; or
 * NONE.  A file that O_TMPFILE made cannot be named in another way. */
static int told_descriptor(const struct change *old, int flags)
{
  static const char folders[][24] = { "/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/" };
  const char *digits = NULL;
  int fd = 0;

  if ((flags & AT_EMPTY_PATH) && (!old->path || !*old->path))
    return old->dirfd;
  if (!(flags & AT_SYMLINK_FOLLOW))
    return NONE;
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
    if (strncmp(old->path, folders[i], strlen(folders[i])) == 0)
      digits = old->path + strlen(folders[i]);
  if (!digits || !*digits)
    return NONE;
  for (; *digits; digits++) {
    if (*digits < '0' || *digits > '9' || fd > (INT_MAX - 9) / 10)
      return NONE;
    fd = 10 * fd + (*digits - '0');
  }
  return fd;
}

/* The answer of one attempt. */
static int write_file(const struct change *old, int flags, enum how how)
{
  struct writing writing = {
    .dirfd = old->dirfd,
    .path = old->path,
    .how = how,
    .answer = UNANSWERED,
    .flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
           | (flags & AT_SYMLINK_FOLLOW ? 0 : O_NOFOLLOW),
  };
  int fd = told_descriptor(old, flags);

  /* A descriptor of O_PATH cannot be flushed; then the path is tried. */
  if (fd != NONE && (writing.answer = write_open_file(fd, how)) != UNANSWERED)
    return writing.answer;
  if (fd == NONE || *old->path)
    run_in_task(write_in_task, &writing);
  if (writing.answer == 0)
    remember_written(&writing.before);
  return writing.answer;
}

static bool on_other_mounts(const struct sys_stat *one, const struct sys_stat *other)
{
  return (one->mask & other->mask & (STAT_MOUNT | STAT_UNIQUE_MOUNT)) && one->mount != other->mount;
}

/* By the directory that is to hold the name.  If it is not on the file's own mount, the
 * call fails with EXDEV, which is how mv finds out, and nothing needs to be written. */
static enum how how_to_write(const struct sys_stat *file, const struct change *old,
                             const struct change *new, bool renamed)
{
  struct place place = look_at_parent(new->dirfd, new->path);

  if (place.error)
    return is_out_of_reach(place.error) ? NOT_AT_ALL : BY_FDATASYNC;
  if (!place.wanted && renamed) {
    place = look_at_parent(old->dirfd, old->path);
    if (place.wanted && stat_parent(new->dirfd, new->path, STAT_ANY_MOUNT, &place.st) == -1)
      place.st.mask = 0;
  }
  if (!place.wanted || place.needs->in_memory || on_other_mounts(file, &place.st))
    return NOT_AT_ALL;
  if (place.needs->copies_up_by_clone)
    return BY_COPYING_UP;
  return place.needs->range_writes_bytes ? BY_RANGE : BY_FDATASYNC;
}

/* One line in the trace, as for every flush. */
static int write_and_trace(const struct change *old, int flags, enum how how)
{
  long long begin = tracing() ? microseconds() : 0;
  int answer = write_file(old, flags, how);

  if (tracing() && answer != UNANSWERED)
    trace_flush(old->call, old->path ? old->path : "", NONE,
                how == BY_RANGE ? "sync_file_range" : "fdatasync", answer, microseconds() - begin);
  return answer;
}

/* The caller's path may be a bad pointer.  The kernel looks at it first: it answers EFAULT
 * where we would crash, and so will the call. */
static bool can_be_read(int dirfd, const char *path)
{
  if (sys_exists(dirfd, path))
    return true;
  return errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP;
}

/* Whether FILE, which is about to get a name, has bytes.  If a seccomp filter refuses statx,
 * assume that it has. */
static bool has_bytes(const struct change *old, int flags, struct sys_stat *file)
{
  const int follow = flags & AT_SYMLINK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;
  unsigned int asked = STAT_TYPE | STAT_INODE | STAT_SIZE | STAT_ANY_MOUNT;

  if (any_is_known())
    asked |= STAT_STATE;
  if (sys_statx(old->dirfd, old->path, (flags & AT_EMPTY_PATH) | follow, asked, file) == 0)
    return S_ISREG(file->mode) && file->size > 0;
  *file = (struct sys_stat) { 0 };
  return (errno == ENOSYS || errno == EPERM) && can_be_read(old->dirfd, old->path);
}

/* Writes the bytes of OLD, which is about to get the name NEW, and waits for them.
 * FLAGS are linkat(2)'s.  RENAMED: the directory of OLD changes as well. */
static int write_bytes(const struct change *old, int flags, const struct change *new, bool renamed)
{
  struct sys_stat file;
  enum how how;
  int answer;

  if (!has_bytes(old, flags, &file) || known_as_written(&file)
      || !can_be_read(new->dirfd, new->path))
    return 0;
  how = how_to_write(&file, old, new, renamed);
  if (how == NOT_AT_ALL)
    return 0;
  answer = file.mask ? write_and_trace(old, flags, how) : UNANSWERED;
  if (answer == UNANSWERED)
    return write_everything(new);
  errno = answer;
  return answer ? -1 : 0;
}

int write_before_rename(const char *call, int olddirfd, const char *oldpath, int newdirfd,
                        const char *newpath, unsigned int flags)
{
  const struct change old = { .call = call, .dirfd = olddirfd, .path = oldpath, .file = NONE };
  const struct change new = { .call = call, .dirfd = newdirfd, .path = newpath, .file = NONE };
  int saved = errno;

  if (!writing_bytes())
    return 0;
  if (write_bytes(&old, 0, &new, true) == -1
      || ((flags & RENAME_EXCHANGE) && write_bytes(&new, 0, &old, true) == -1))
    return -1;
  errno = saved;
  return 0;
}

int write_before_link(const char *call, int olddirfd, const char *oldpath, int newdirfd,
                      const char *newpath, int flags)
{
  const struct change old = { .call = call, .dirfd = olddirfd, .path = oldpath, .file = NONE };
  const struct change new = { .call = call, .dirfd = newdirfd, .path = newpath, .file = NONE };
  int saved = errno;

  if (!writing_bytes())
    return 0;
  if (write_bytes(&old, flags, &new, false) == -1)
    return -1;
  errno = saved;
  return 0;
}

struct sys_stat before_own_flush(int fd)
{
  struct sys_stat file = { 0 };
  int saved = errno;

  if (writing_bytes() && sys_stat_fd(fd, STAT_STATE, &file) == -1)
    file.mask = 0;
  errno = saved;
  return file;
}

void after_own_flush(const struct sys_stat *before)
{
  int saved = errno;

  if (before->mask)
    remember_written(before);
  errno = saved;
}
