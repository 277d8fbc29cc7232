/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wrapped calls as raw system calls, for where there is no next function.
 *
 * Only the *at forms: plain SYS_open, SYS_link and SYS_rename do not exist on
 * newer ports. */
#ifndef SYNCDIR_RAW_H
#define SYNCDIR_RAW_H

#include <errno.h>
#include <pthread.h>

#include "core/hidden_names.h"
#include "core/libc.h"
#include "core/mode.h"
#include "core/sys.h"

/* 0 where off_t has 64 bits anyway. */
#ifndef O_LARGEFILE
#define O_LARGEFILE 0
#endif

/* Before glibc 2.34 pthread_testcancel is in a library of its own, which not every program
 * has. */
#ifdef __GLIBC__
#if !__GLIBC_PREREQ(2, 34)
#pragma weak pthread_testcancel
#define HAS_TESTCANCEL (pthread_testcancel != NULL)
#endif
#endif
#ifndef HAS_TESTCANCEL
#define HAS_TESTCANCEL true
#endif

/* open is a cancellation point, and in the archive only we can make it one.  The shared
 * object uses these calls only for names that no library after it has. */
static inline void honour_cancel(void)
{
#ifdef ARCHIVE
  if (HAS_TESTCANCEL)
    pthread_testcancel();
#endif
}

/* open and its kin with their mode, whether FLAGS ask for one or not. */
static inline int raw_open_mode(int dirfd, const char *path, int flags, mode_t mode)
{
  honour_cancel();
  return sys_call(SYS_openat, dirfd, path, flags, mode);
}

static inline int raw_openat(int dirfd, const char *path, int flags, ...)
{
  mode_t mode = 0;

  READ_MODE(mode, flags);
  return raw_open_mode(dirfd, path, flags, mode);
}

static inline int raw_openat64(int dirfd, const char *path, int flags, ...)
{
  mode_t mode = 0;

  READ_MODE(mode, flags);
  return raw_open_mode(dirfd, path, flags | O_LARGEFILE, mode);
}

static inline int raw_open(const char *path, int flags, ...)
{
  mode_t mode = 0;

  READ_MODE(mode, flags);
  return raw_open_mode(AT_FDCWD, path, flags, mode);
}

static inline int raw_open64(const char *path, int flags, ...)
{
  mode_t mode = 0;

  READ_MODE(mode, flags);
  return raw_open_mode(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

static inline int raw_creat(const char *path, mode_t mode)
{
  return raw_open_mode(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static inline int raw_creat64(const char *path, mode_t mode)
{
  return raw_open_mode(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC | O_LARGEFILE, mode);
}

/* The same number on every machine but Alpha, since Linux 5.6. */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

static inline int raw_openat2(int dirfd, const char *path, const struct open_how *how, size_t size)
{
  honour_cancel();
  return sys_call(SYS_openat2, dirfd, path, how, size);
}

static inline int raw_linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath,
                             int flags)
{
  return sys_call(SYS_linkat, olddirfd, oldpath, newdirfd, newpath, flags);
}

static inline int raw_link(const char *oldpath, const char *newpath)
{
  return raw_linkat(AT_FDCWD, oldpath, AT_FDCWD, newpath, 0);
}

static inline int raw_symlinkat(const char *target, int dirfd, const char *path)
{
  return sys_call(SYS_symlinkat, target, dirfd, path);
}

static inline int raw_symlink(const char *target, const char *path)
{
  return raw_symlinkat(target, AT_FDCWD, path);
}

static inline int raw_renameat2(int olddirfd, const char *oldpath, int newdirfd,
                                const char *newpath, unsigned int flags)
{
  return sys_call(SYS_renameat2, olddirfd, oldpath, newdirfd, newpath, flags);
}

/* A seccomp filter may not know renameat2, which is newer; the newest ports have nothing
 * else. */
static inline int raw_renameat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath)
{
#ifdef SYS_renameat
  return sys_call(SYS_renameat, olddirfd, oldpath, newdirfd, newpath);
#else
  return raw_renameat2(olddirfd, oldpath, newdirfd, newpath, 0);
#endif
}

static inline int raw_rename(const char *oldpath, const char *newpath)
{
  return raw_renameat(AT_FDCWD, oldpath, AT_FDCWD, newpath);
}

static inline int raw_unlinkat(int dirfd, const char *path, int flags)
{
  return sys_call(SYS_unlinkat, dirfd, path, flags);
}

static inline int raw_unlink(const char *path)
{
  return raw_unlinkat(AT_FDCWD, path, 0);
}

static inline int raw_rmdir(const char *path)
{
  return raw_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

static inline int raw_remove(const char *path)
{
  int saved = errno, result = raw_unlink(path);

  if (result == 0 || errno != EISDIR)
    return result;
  errno = saved;
  return raw_rmdir(path);
}

static inline int raw_mkdirat(int dirfd, const char *path, mode_t mode)
{
  return sys_call(SYS_mkdirat, dirfd, path, mode);
}

static inline int raw_mkdir(const char *path, mode_t mode)
{
  return raw_mkdirat(AT_FDCWD, path, mode);
}

/* The kernel's device number has 32 bits, libc's has 64.  glibc refuses a number that does
 * not fit, musl drops its upper bits. */
static inline int raw_mknodat(int dirfd, const char *path, mode_t mode, dev_t device)
{
  if (with_glibc() && (unsigned int) device != device) {
    errno = EINVAL;
    return -1;
  }
  return sys_call(SYS_mknodat, dirfd, path, mode, (unsigned int) device);
}

static inline int raw_mknod(const char *path, mode_t mode, dev_t device)
{
  return raw_mknodat(AT_FDCWD, path, mode, device);
}

static inline int raw_mkfifoat(int dirfd, const char *path, mode_t mode)
{
  return raw_mknodat(dirfd, path, mode | S_IFIFO, 0);
}

static inline int raw_mkfifo(const char *path, mode_t mode)
{
  return raw_mkfifoat(AT_FDCWD, path, mode);
}

/* glibc's _MKNOD_VER is 0 or 1, by port; the device has the same form in both. */
static inline int raw___xmknodat(int version, int dirfd, const char *path, mode_t mode,
                                 dev_t *device)
{
  if (version != 0 && version != 1) {
    errno = EINVAL;
    return -1;
  }
  return raw_mknodat(dirfd, path, mode, *device);
}

static inline int raw___xmknod(int version, const char *path, mode_t mode, dev_t *device)
{
  return raw___xmknodat(version, AT_FDCWD, path, mode, device);
}

static inline int raw_fsync(int fd)
{
  honour_cancel();
  return sys_fsync(fd);
}

static inline int raw_fdatasync(int fd)
{
  honour_cancel();
  return sys_fdatasync(fd);
}

#define raw___open raw_open
#define raw___open64 raw_open64

#endif
