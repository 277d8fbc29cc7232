/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a path to its parent directory.
 *
 * A path comes here only after the kernel has accepted it in a call that
 * changed a directory: it is readable, not empty, and at most PATH_MAX long. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/errors.h"
#include "core/parent.h"
#include "core/sys.h"
#include "core/text.h"

struct parent parent_of(const char *path)
{
  struct parent parent = { .length = 0 };
  size_t end = strlen(path), start;

  while (end > 1 && path[end - 1] == '/')
    end--;
  start = end;
  while (start > 0 && path[start - 1] != '/')
    start--;
  parent.name = path + start;
  parent.up = (end - start == 1 && path[start] == '.')
           || (end - start == 2 && path[start] == '.' && path[start + 1] == '.');
  if (parent.up) {
    parent.length = end;
    return parent;
  }
  while (start > 1 && path[start - 1] == '/')
    start--;
  parent.length = start;
  return parent;
}

bool same_spelling(int dirfd, const char *path, int other_dirfd, const char *other)
{
  struct parent one = parent_of(path), two = parent_of(other);

  return one.length == two.length && one.up == two.up && memcmp(path, other, one.length) == 0
      && (dirfd == other_dirfd || (one.length > 0 && *path == '/'));
}

size_t prefix_to(const char *path, const char *name, size_t from)
{
  size_t end = parent_of(path).length, length = strcspn(name, "/");

  while (from < end) {
    size_t component = strcspn(path + from, "/");

    if (component == length && memcmp(path + from, name, length) == 0)
      return from + component;
    from += component + 1;
  }
  return 0;
}

/* How the parent directory is reached: by open with FLAGS; or, if ST is not NULL, by statx
 * for what is ASKED. */
struct reach {
  int dirfd, flags;
  unsigned int asked;
  struct sys_stat *st;
};

static int reach_spelled(const struct reach *reach, struct parent parent, const char *path,
                         struct text directory)
{
  if (parent.length == 0)
    add_string(&directory, ".");
  add_bytes(&directory, path, parent.length);
  if (parent.up)
    add_string(&directory, "/..");
  if (directory.cut) {
    errno = ENAMETOOLONG;
    return -1;
  }
  return reach->st ? sys_statx(reach->dirfd, directory.bytes, 0, reach->asked, reach->st)
                   : sys_openat(reach->dirfd, directory.bytes, reach->flags);
}

/* It is apart from reach_parent, so that only a long path takes this much stack. */
__attribute__((noinline)) static int reach_long(const struct reach *reach, struct parent parent,
                                                const char *path)
{
  char buffer[PATH_MAX];

  return reach_spelled(reach, parent, path, empty_text(buffer, sizeof buffer));
}

static int reach_parent(const struct reach *reach, const char *path)
{
  char buffer[USUAL_PATH];
  struct parent parent = parent_of(path);

  if (parent.length + sizeof "/.." > sizeof buffer)
    return reach_long(reach, parent, path);
  return reach_spelled(reach, parent, path, empty_text(buffer, sizeof buffer));
}

int open_parent(int dirfd, const char *path, int flags)
{
  return reach_parent(&(struct reach) { .dirfd = dirfd, .flags = flags }, path);
}

int stat_parent(int dirfd, const char *path, unsigned int asked, struct sys_stat *st)
{
  return reach_parent(&(struct reach) { .dirfd = dirfd, .asked = asked, .st = st }, path);
}

static bool same_device(const struct sys_stat *one, const struct sys_stat *other)
{
  return one->major == other->major && one->minor == other->minor;
}

bool same_inode(const struct sys_stat *one, const struct sys_stat *other)
{
  return (one->mask & other->mask & STAT_INODE) && one->inode == other->inode
      && same_device(one, other);
}

static int close_and_fail(int fd, int error)
{
  sys_close(fd);
  errno = error;
  return -1;
}

/* If a seccomp filter refuses statx, we cannot know; it does not mean that the disk is
 * broken. */
static int unknown(int error)
{
  return error == ENOSYS ? EPERM : error;
}

int open_ancestor(int dirfd, const char *path)
{
  struct sys_stat parent, below, above;
  int fd = open_parent(dirfd, path, LOOK_AT_DIRECTORY);

  if (fd == -1)
    return -1;
  if (sys_stat_fd(fd, STAT_INODE, &parent) == -1)
    return close_and_fail(fd, unknown(errno));
  below = parent;
  for (;;) {
    /* "..", never ".": to open "." a directory must be searchable as well. */
    int readable = sys_openat(fd, "..", OPEN_DIRECTORY), up = readable;

    if (readable == -1 && only_cannot_open(errno))
      up = sys_openat(fd, "..", LOOK_AT_DIRECTORY);
    if (up == -1)
      return close_and_fail(fd, errno);
    sys_close(fd);
    fd = up;
    if (sys_stat_fd(fd, STAT_INODE, &above) == -1)
      return close_and_fail(fd, unknown(errno));
    if (!same_device(&parent, &above) || same_inode(&below, &above))
      return close_and_fail(fd, EACCES);
    if (readable != -1)
      return readable;
    below = above;
  }
}
