/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a path of another process leads, seen with its eyes. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracee.h"
#include "where.h"

/* Where THREAD begins to look: its root, or what FD or AT_FDCWD stands for. */
static int open_base(pid_t thread, int fd, bool absolute)
{
  char path[64];

  if (absolute)
    snprintf(path, sizeof path, "/proc/%d/root", (int) thread);
  else if (fd == AT_FDCWD)
    snprintf(path, sizeof path, "/proc/%d/cwd", (int) thread);
  else
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int) thread, fd);
  return open(path, O_PATH | O_CLOEXEC);
}

/* /proc/self, /dev/fd and /dev/stdout would lead to us: the same with the thread's number.
 * True if PATH begins with one of them. */
static bool name_itself(pid_t thread, const char *path, char *named, size_t size)
{
  static const struct {
    const char *start, *instead;
  } ourselves[] = {
    { "/proc/self", "" },      { "/proc/thread-self", "" }, { "/dev/fd", "/fd" },
    { "/dev/stdin", "/fd/0" }, { "/dev/stdout", "/fd/1" },  { "/dev/stderr", "/fd/2" },
  };

  for (size_t i = 0; i < sizeof ourselves / sizeof *ourselves; i++) {
    size_t length = strlen(ourselves[i].start);

    if (strncmp(path, ourselves[i].start, length) == 0
        && (path[length] == '/' || path[length] == '\0'))
      return snprintf(named, size, "/proc/%d%s%s", (int) thread, ourselves[i].instead,
                      path + length)
           < (int) size;
  }
  return false;
}

/* Whether the thread's root directory is not ours. */
static bool has_other_root(pid_t thread)
{
  char path[64];
  struct stat ours, theirs;

  snprintf(path, sizeof path, "/proc/%d/root", (int) thread);
  return stat(path, &theirs) == 0 && stat("/", &ours) == 0
      && (ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino);
}

/* A relative path below a root of its own, as an absolute one: an absolute symbolic link on
 * the way would else lead out of that root. */
static bool make_absolute(pid_t thread, int base, const char *path, char *whole, size_t size)
{
  char link[64], root[PATH_MAX], from[PATH_MAX];
  ssize_t length;

  snprintf(link, sizeof link, "/proc/%d/root", (int) thread);
  length = readlink(link, root, sizeof root - 1);
  if (length < 1)
    return false;
  root[length] = '\0';
  path_of(base, from);
  if (strncmp(from, root, (size_t) length) != 0)
    return false;
  return snprintf(whole, size, "/%s/%s", from + length, path) < (int) size;
}

int open_theirs(pid_t thread, int fd, const char *path, bool follow)
{
  struct open_how how = { .flags = (uint64_t) (O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW)) };
  char named[PATH_MAX + 64];
  int base, found, error;

  if (name_itself(thread, path, named, sizeof named))
    return open(named, (int) how.flags);
  base = open_base(thread, fd, *path == '/');
  if (base == -1)
    return -1;
  if (*path != '/' && has_other_root(thread)
      && make_absolute(thread, base, path, named, sizeof named)) {
    path = named;
    close(base);
    base = open_base(thread, fd, true);
  }
  /* A magic link would be followed for us and not for the thread. */
  how.resolve = RESOLVE_NO_MAGICLINKS | (*path == '/' ? RESOLVE_IN_ROOT : 0);
  found = (int) syscall(SYS_openat2, base, path, &how, sizeof how);
  error = errno;
  close(base);
  errno = error;
  return found;
}

bool find_place(pid_t thread, int fd, const char *path, struct place *place)
{
  char parent[PATH_MAX];
  size_t end = strlen(path), start;

  place->directory = -1;
  while (end > 1 && path[end - 1] == '/')
    end--;
  for (start = end; start > 0 && path[start - 1] != '/';)
    start--;
  if (end == start || end - start > NAME_MAX) {
    errno = end == start ? ENOENT : ENAMETOOLONG;
    return false;
  }
  snprintf(place->name, sizeof place->name, "%.*s", (int) (end - start), path + start);
  snprintf(parent, sizeof parent, "%.*s", (int) start, path);
  place->directory = open_theirs(thread, fd, start ? parent : ".", true);
  return place->directory != -1;
}

/* Whether the file ST is what the place holds. */
static bool holds(const struct place *place, const struct stat *st)
{
  struct stat found;

  return fstatat(place->directory, place->name, &found, AT_SYMLINK_NOFOLLOW) == 0
      && found.st_dev == st->st_dev && found.st_ino == st->st_ino;
}

bool find_place_of_descriptor(pid_t thread, int fd, struct place *place)
{
  /* In another mount namespace the same path means something else to us. */
  const pid_t eyes[] = { getpid(), thread };
  char link[64], path[PATH_MAX];
  struct stat st;
  ssize_t length;

  place->directory = -1;
  snprintf(link, sizeof link, "/proc/%d/fd/%d", (int) thread, fd);
  length = readlink(link, path, sizeof path - 1);
  if (length < 1 || *path != '/' || stat(link, &st) == -1)
    return false;
  path[length] = '\0';
  for (size_t i = 0; i < sizeof eyes / sizeof *eyes; i++) {
    if (find_place(eyes[i], AT_FDCWD, path, place) && holds(place, &st))
      return true;
    leave_place(place);
  }
  return false;
}

void leave_place(struct place *place)
{
  if (place->directory != -1)
    close(place->directory);
  place->directory = -1;
}

void path_of(int fd, char path[PATH_MAX])
{
  char link[64];
  ssize_t length;

  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink(link, path, PATH_MAX - 1);
  path[length > 0 ? length : 0] = '\0';
  if (length < 1)
    strcpy(path, "?");
}
