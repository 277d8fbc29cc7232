/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SYNCDIR_TRACE: one line for each flush, with one write, and no file kept
 * open: the program may close every descriptor, or give ours to somebody. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/descriptor.h"
#include "core/parent.h"
#include "core/sys.h"
#include "core/text.h"
#include "core/trace.h"
#include "defer/pause.h"
#include "defer/reasons.h"

static char file[PATH_MAX];
static bool to_file;

/* Standard error as it was at start, for SYNCDIR_TRACE=-. */
static bool to_stderr;
static struct sys_stat stderr_at_start;

void trace_to(const char *value)
{
  struct text name = empty_text(file, sizeof file);

  if (!value || !*value)
    return;
  if (strcmp(value, "-") == 0) {
    to_stderr = sys_stat_fd(STDERR_FILENO, STAT_INODE, &stderr_at_start) == 0;
    return;
  }
  /* A program that changes its directory keeps its trace. */
  if (*value != '/') {
    if (sys_getcwd(file, sizeof file) == -1)
      return;
    name.length = strlen(file);
    add_string(&name, "/");
  }
  add_string(&name, value);
  to_file = !name.cut;
}

bool tracing(void)
{
  return to_stderr || to_file;
}

long long microseconds(void)
{
  struct sys_time now = { 0, 0 };

  sys_clock(CLOCK_MONOTONIC, &now);
  return now.seconds * 1000000LL + now.nanoseconds / 1000;
}

/* Standard error may have become the program's data file since. */
static bool stderr_is_the_same(void)
{
  struct sys_stat now;

  return sys_stat_fd(STDERR_FILENO, STAT_INODE, &now) == 0 && same_inode(&now, &stderr_at_start);
}

/* Writing to a pipe without a reader, or to a file that has reached its limit, would end
 * the program by SIGPIPE or SIGXFSZ.  Such a signal is taken back, unless one of the
 * program's own was pending before. */
static void write_quietly(int fd, const struct text *line)
{
  const sys_signals ends = 1ULL << (SIGPIPE - 1) | 1ULL << (SIGXFSZ - 1);
  sys_signals before, pending = ends;

  if (sys_block(&ends, &before) == -1)
    return;
  sys_pending(&pending);
  if (sys_write(fd, line->bytes, line->length) == -1 && !(pending & ends))
    sys_take(&ends);
  sys_set_blocked(&before);
}

static void write_line(const struct text *line)
{
  int fd;

  if (to_stderr) {
    if (stderr_is_the_same())
      write_quietly(STDERR_FILENO, line);
    return;
  }
  /* O_NONBLOCK: a fifo without a reader must not stop the program. */
  fd = sys_openat(AT_FDCWD, file,
                  O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (fd == -1)
    return;
  write_quietly(fd, line);
  sys_close(fd);
}

/* The deferred mode has one thread. */
static const char *next_note;

void trace_with(const char *note)
{
  next_note = note;
}

/* The longest path in a line, with its NUL. */
enum { PATH_ROOM = 1024 };

/* One field and the tab after it.  A path that does not fit ends in "...". */
static void add_path(struct text *line, const char *path)
{
  struct text field = { line->bytes + line->length, PATH_ROOM, 0, false };

  add_escaped(&field, path);
  line->length += field.length;
  add_string(line, field.cut ? "...\t" : "\t");
}

/* Where a descriptor leads, or "-" without /proc or a descriptor. */
static void add_directory(struct text *line, int fd)
{
  char path[PATH_ROOM + 1];

  if (path_of_descriptor(fd, path, sizeof path) == -1)
    add_string(line, "-\t");
  else
    add_path(line, path);
}

__attribute__((noinline)) void trace_flush(const char *call, const char *path, int fd,
                                           const char *how, int error, long long microseconds)
{
  char buffer[2 * PATH_ROOM + 256];
  struct text line = empty_text(buffer, sizeof buffer);
  struct pause before;
  bool paused = deferring && defer_pause(&before) == 0;
  int saved = errno;

  add_number(&line, sys_getpid());
  add_string(&line, "\t");
  add_string(&line, call);
  add_string(&line, "\t");
  add_path(&line, path);
  add_directory(&line, fd);
  add_string(&line, how);
  add_string(&line, "\t");
  add_number(&line, error);
  add_string(&line, "\t");
  add_number(&line, microseconds);
  if (next_note) {
    add_string(&line, "\t");
    add_string(&line, next_note);
    next_note = NULL;
  }
  add_string(&line, "\n");
  write_line(&line);
  if (paused)
    defer_go_on(&before);
  errno = saved;
}
