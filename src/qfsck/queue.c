/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qmail's queue as INTERNALS and hier.c have it: directories, owners, modes,
 * names. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <syncdir.h>
#include <unistd.h>

#include "queue.h"

/* clang-format off */
const struct rule rules[KINDS] = {
  [MESS]   = { "mess",   QMAILQ, 0750, 0644, true },
  [TODO]   = { "todo",   QMAILQ, 0750, 0644, true },
  [INTD]   = { "intd",   QMAILQ, 0700, 0644, true },
  [INFO]   = { "info",   QMAILS, 0700, 0600, false },
  [LOCAL]  = { "local",  QMAILS, 0700, 0600, false },
  [REMOTE] = { "remote", QMAILS, 0700, 0600, false },
  [BOUNCE] = { "bounce", QMAILS, 0700, 0600, false },
};
/* clang-format on */

bool is_split(enum kind kind, struct layout layout)
{
  switch (kind) {
    case TODO:
    case INTD: return layout.big_todo;
    case BOUNCE: return false;
    default: return true;
  }
}

void path_of(char path[PATH_BYTES], struct layout layout, enum kind kind, uint64_t number)
{
  if (is_split(kind, layout))
    snprintf(path, PATH_BYTES, "%s/%" PRIu64 "/%" PRIu64, rules[kind].name, number % layout.split,
             number);
  else
    snprintf(path, PATH_BYTES, "%s/%" PRIu64, rules[kind].name, number);
}

uint64_t number_of(const char *name, bool *plain)
{
  uint64_t number;
  char *end;

  *plain = *name >= '1' && *name <= '9';
  if (*name < '0' || *name > '9')
    return 0;
  errno = 0;
  number = strtoull(name, &end, 10);
  return *end || errno ? 0 : number;
}

const char *after_folder(const char *path, const char *folder)
{
  size_t length = strlen(folder);

  return strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

static void close_keeping_errno(int fd)
{
  int error = errno;

  if (fd != -1)
    close(fd);
  errno = error;
}

int open_folder(int queue, const char *path, int flags)
{
  char part[PATH_BYTES];
  int fd = openat(queue, ".", O_DIRECTORY | O_CLOEXEC | (*path ? O_PATH : flags));

  while (fd != -1 && *path) {
    size_t length = strcspn(path, "/");
    int below;

    snprintf(part, sizeof part, "%.*s", (int) length, path);
    path += length + (path[length] == '/');
    below = openat(fd, part, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | (*path ? O_PATH : flags));
    close_keeping_errno(fd);
    fd = below;
  }
  return fd;
}

int open_holder(int queue, const char *path, const char **name)
{
  const char *slash = strrchr(path, '/');
  char folder[PATH_BYTES];

  *name = slash ? slash + 1 : path;
  snprintf(folder, sizeof folder, "%.*s", slash ? (int) (slash - path) : 0, path);
  return open_folder(queue, folder, O_PATH);
}

int open_below(int queue, const char *path, int flags)
{
  const char *name;
  int holder = open_holder(queue, path, &name), fd = -1;

  flags |= O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  if (holder != -1)
    fd = flags & O_CREAT ? syncdir_openat(holder, name, flags, 0600) : openat(holder, name, flags);
  close_keeping_errno(holder);
  return fd;
}

int remove_below(int queue, const char *path, int flags)
{
  const char *name;
  int holder = open_holder(queue, path, &name);
  int result = holder == -1 ? -1 : syncdir_unlinkat(holder, name, flags);

  close_keeping_errno(holder);
  return result;
}

int look_at(int queue, const char *path, struct stat *st)
{
  const char *name;
  int holder = open_holder(queue, path, &name);
  int result = holder == -1 ? -1 : fstatat(holder, name, st, AT_SYMLINK_NOFOLLOW);

  close_keeping_errno(holder);
  return result;
}

#ifdef STATX_BASIC_STATS
#ifndef STATX_ATTR_IMMUTABLE /* musl */
#define STATX_ATTR_IMMUTABLE 0x10
#define STATX_ATTR_APPEND 0x20
#endif
#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x2000
#endif

static void take_over(struct look *look, const struct statx *stx)
{
  *look = (struct look) { .st = { .st_dev = makedev(stx->stx_dev_major, stx->stx_dev_minor),
                                  .st_ino = stx->stx_ino,
                                  .st_mode = stx->stx_mode,
                                  .st_nlink = stx->stx_nlink,
                                  .st_uid = stx->stx_uid,
                                  .st_gid = stx->stx_gid,
                                  .st_size = (off_t) stx->stx_size },
                          .is_mount = stx->stx_attributes & STATX_ATTR_MOUNT_ROOT,
                          .is_fixed = stx->stx_attributes
                                    & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND) };
}
#endif

int look(int folder, const char *name, struct look *look)
{
  const int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;
#ifdef STATX_BASIC_STATS
  struct statx stx;

  if (statx(folder, name, flags, STATX_BASIC_STATS, &stx) == 0) {
    take_over(look, &stx);
    return 0;
  }
  /* A seccomp filter may refuse statx. */
  if (errno != ENOSYS && errno != EPERM && errno != EINVAL)
    return -1;
#endif
  *look = (struct look) { .is_mount = false };
  return fstatat(folder, name, &look->st, flags);
}

/* True if an earlier run was interrupted between link and unlink. */
static bool is_same_file(int from, const char *name, int to, const char *new_name)
{
  struct stat one, other;
  bool same = fstatat(from, name, &one, AT_SYMLINK_NOFOLLOW) == 0
           && fstatat(to, new_name, &other, AT_SYMLINK_NOFOLLOW) == 0 && one.st_ino == other.st_ino
           && !S_ISDIR(one.st_mode);

  errno = EEXIST;
  return same;
}

/* By link and unlink: in the middle of a rename, a filesystem without a journal may lose the
 * file; this way it has both names at worst.  A directory cannot be linked, and is renamed.
 * Not every filesystem has RENAME_NOREPLACE; a look is enough, since nobody else works
 * here. */
static int rename_to_free(int from, const char *name, int to, const char *new_name)
{
  struct stat st;

  if (syncdir_linkat(from, name, to, new_name, 0) == 0
      || (errno == EEXIST && is_same_file(from, name, to, new_name)))
    return syncdir_unlinkat(from, name, 0);
  if (errno != EPERM && errno != EMLINK && errno != EOPNOTSUPP && errno != ENOSYS)
    return -1;
  if (syncdir_renameat2(from, name, to, new_name, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL)
    return -1;
  if (fstatat(to, new_name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    return -1;
  }
  return errno == ENOENT ? syncdir_renameat(from, name, to, new_name) : -1;
}

int move_name(int queue, const char *from, const char *to)
{
  const char *name, *new_name;
  int old = open_holder(queue, from, &name), new = -1, result = -1;

  if (old != -1)
    new = open_holder(queue, to, &new_name);
  if (new != -1)
    result = rename_to_free(old, name, new, new_name);
  close_keeping_errno(new);
  close_keeping_errno(old);
  return result;
}

void put_aside_unless(const struct queue *queue, const char *path, mode_t type)
{
  struct stat st;
  char aside[PATH_BYTES];

  if (look_at(queue->fd, path, &st) == -1) {
    if (errno != ENOENT)
      cannot("look at", path);
    return;
  }
  if ((st.st_mode & S_IFMT) == type)
    return;
  snprintf(aside, sizeof aside, "%s" SUFFIX_ASIDE, path);
  if (move_name(queue->fd, path, aside) == -1)
    cannot("put out of the way", path);
}

void open_queue(struct queue *queue, const char *path)
{
  struct stat st;

  queue->path = path;
  queue->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (queue->fd == -1 || fstat(queue->fd, &st) == -1)
    cannot("open the queue", path);
  queue->device = st.st_dev;
}
