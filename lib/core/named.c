/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The regular file that a new name leads to, of which the caller has no descriptor. */
#include <errno.h>

#include "core/errors.h"
#include "core/named.h"
#include "core/parent.h"
#include "core/sys.h"
#include "core/task.h"
#include "core/trace.h"

struct named {
  int parent;
  const char *name;
  bool flushed;
  int error; /* 0, or the errno of what failed */
};

static int fsync_without_eintr(int fd)
{
  int result;

  do
    result = sys_fsync(fd);
  while (result == -1 && errno == EINTR);
  return result;
}

/* By now another file may have the name. */
static bool is_regular(int fd)
{
  struct sys_stat st;

  return sys_stat_fd(fd, STAT_TYPE, &st) == 0 && S_ISREG(st.mode);
}

/* EAGAIN (another process has a lease) and ENXIO (a socket) say nothing about the disk. */
static bool only_out_of_reach(int error)
{
  return only_cannot_open(error) || error == EAGAIN || error == ENXIO;
}

/* A FUSE server that finds its files by name answers ENOENT for one that has been removed
 * or moved away since. */
static bool is_not_flushed_here(int error)
{
  return not_for_directories(error) || error == ENOENT;
}

static void flush_in_task(void *argument)
{
  struct named *named = argument;
  int fd = open_in_task(named->parent, named->name,
                        O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_LARGEFILE);

  if (fd == -1) {
    named->error = only_out_of_reach(errno) ? 0 : errno;
  } else if (is_regular(fd)) {
    named->flushed = true;
    named->error = fsync_without_eintr(fd) == 0 || is_not_flushed_here(errno) ? 0 : errno;
  }
}

static bool leads_to_file(const struct named *named)
{
  struct sys_stat st;

  return sys_statx(named->parent, named->name, AT_SYMLINK_NOFOLLOW, STAT_TYPE, &st) == 0
      && S_ISREG(st.mode);
}

int flush_named_file(const struct change *change, int parent)
{
  struct named named = { .parent = parent, .name = parent_of(change->path).name };
  long long begin = tracing() ? microseconds() : 0;

  if (!leads_to_file(&named))
    return 0;
  if (!run_in_task(flush_in_task, &named))
    return flush_by_syncfs(change, parent);
  if (tracing() && named.flushed)
    trace_flush(change->call, change->path, NONE, "fsync", named.error, microseconds() - begin);
  if (named.error == 0)
    return 0;
  errno = named.error;
  return -1;
}
