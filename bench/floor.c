/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The floor: what a programmer would write by hand, preloaded.  After each call
 * the parent is opened, fsynced and closed; nothing is looked at, no errors
 * other than the call's own are known, and a rename across directories flushes
 * both.
 *
 * FLOOR_WAIT=MICROSECONDS in the environment waits before each fsync, so that
 * other processes' changes may come into the same commit. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct timespec wait_time;

__attribute__((constructor)) static void read_wait_time(void)
{
  const char *wait = getenv("FLOOR_WAIT");

  if (wait)
    wait_time.tv_nsec = atol(wait) * 1000;
}

static size_t parent_length(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash ? (size_t) (slash - path) + (slash == path) : 0;
}

static int flush_parent(int dirfd, const char *path)
{
  char parent[4096] = ".";
  size_t length = parent_length(path);
  int fd;

  if (length > 0 && length < sizeof parent) {
    memcpy(parent, path, length);
    parent[length] = '\0';
  }
  fd = syscall(SYS_openat, dirfd, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd == -1)
    return -1;
  if (wait_time.tv_nsec > 0)
    nanosleep(&wait_time, NULL);
  if (syscall(SYS_fsync, fd) == -1)
    return -1;
  return syscall(SYS_close, fd);
}

static int flushed(int result, int dirfd, const char *path)
{
  return result == -1 ? -1 : flush_parent(dirfd, path);
}

static int flushed_both(int result, int olddirfd, const char *old, int newdirfd, const char *new)
{
  if (flushed(result, newdirfd, new) == -1)
    return -1;
  if (olddirfd == newdirfd && parent_length(old) == parent_length(new)
      && memcmp(old, new, parent_length(new)) == 0)
    return 0;
  return flush_parent(olddirfd, old);
}

/* A programmer who truncates or insists makes a file. */
static int flushed_file(int fd, int dirfd, const char *path, int flags)
{
  if (fd != -1 && (flags & O_CREAT) && (flags & (O_EXCL | O_TRUNC))
      && flush_parent(dirfd, path) == -1)
    return -1;
  return fd;
}

/* The C library's NAME, looked up at the first call. */
static void *look_up(void **known, const char *name)
{
  if (!*known)
    *known = dlsym(RTLD_NEXT, name);
  return *known;
}

#define NEXT(name) ((__typeof__(&name)) look_up(&next_##name, #name))
#define WRAP(type, name, parameters) \
  static void *next_##name;          \
  type name parameters

static mode_t mode_after(va_list *arguments, int flags)
{
  return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(*arguments, mode_t) : 0;
}

#define OPEN(name, first, dirfd, ...)                                                   \
  WRAP(int, name, (first const char *path, int flags, ...))                             \
  {                                                                                     \
    va_list arguments;                                                                  \
    mode_t mode;                                                                        \
    va_start(arguments, flags);                                                         \
    mode = mode_after(&arguments, flags);                                               \
    va_end(arguments);                                                                  \
    return flushed_file(NEXT(name)(__VA_ARGS__ path, flags, mode), dirfd, path, flags); \
  }
#define NOTHING
#define DIRFD int dirfd,

OPEN(open, NOTHING, AT_FDCWD, NOTHING)
OPEN(open64, NOTHING, AT_FDCWD, NOTHING)
OPEN(openat, DIRFD, dirfd, dirfd, )
OPEN(openat64, DIRFD, dirfd, dirfd, )

WRAP(int, creat, (const char *path, mode_t mode))
{
  return flushed_file(NEXT(creat)(path, mode), AT_FDCWD, path, O_CREAT | O_TRUNC);
}

WRAP(int, link, (const char *old, const char *new))
{
  return flushed(NEXT(link)(old, new), AT_FDCWD, new);
}

WRAP(int, linkat, (int olddirfd, const char *old, int dirfd, const char *new, int flags))
{
  return flushed(NEXT(linkat)(olddirfd, old, dirfd, new, flags), dirfd, new);
}

WRAP(int, symlink, (const char *target, const char *path))
{
  return flushed(NEXT(symlink)(target, path), AT_FDCWD, path);
}

WRAP(int, symlinkat, (const char *target, int dirfd, const char *path))
{
  return flushed(NEXT(symlinkat)(target, dirfd, path), dirfd, path);
}

WRAP(int, unlink, (const char *path))
{
  return flushed(NEXT(unlink)(path), AT_FDCWD, path);
}

WRAP(int, unlinkat, (int dirfd, const char *path, int flags))
{
  return flushed(NEXT(unlinkat)(dirfd, path, flags), dirfd, path);
}

WRAP(int, rmdir, (const char *path))
{
  return flushed(NEXT(rmdir)(path), AT_FDCWD, path);
}

WRAP(int, mkdir, (const char *path, mode_t mode))
{
  return flushed(NEXT(mkdir)(path, mode), AT_FDCWD, path);
}

WRAP(int, mkdirat, (int dirfd, const char *path, mode_t mode))
{
  return flushed(NEXT(mkdirat)(dirfd, path, mode), dirfd, path);
}

WRAP(int, rename, (const char *old, const char *new))
{
  return flushed_both(NEXT(rename)(old, new), AT_FDCWD, old, AT_FDCWD, new);
}

WRAP(int, renameat, (int olddirfd, const char *old, int dirfd, const char *new))
{
  return flushed_both(NEXT(renameat)(olddirfd, old, dirfd, new), olddirfd, old, dirfd, new);
}
