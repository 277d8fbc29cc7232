/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Our own work, as raw system calls.
 *
 * libc's open, fsync and close are cancellation points and may be somebody
 * else's wrappers; a system call is neither.  Each returns -1 and sets errno, as
 * libc does.  doc/libsyncdir.3, SECURITY, lists them for people who write
 * seccomp filters. */
#ifndef SYNCDIR_SYS_H
#define SYNCDIR_SYS_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/syscall.h"

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE (1 << 1)
#endif

/* 32-bit ports have a second fstatfs, which cannot overflow. */
#ifdef SYS_fstatfs64
typedef struct statfs64 sys_statfs;
#else
typedef struct statfs sys_statfs;
#endif

/* Tried again after EINTR, which an open on FUSE or NFS may give. */
static inline int sys_openat(int dirfd, const char *path, int flags)
{
  int fd;

  do
    fd = sys_call(SYS_openat, dirfd, path, flags, 0666);
  while (fd == -1 && errno == EINTR);
  return fd;
}

/* Leaves errno alone: the errno of the flush before it is what counts. */
static inline void sys_close(int fd)
{
  int saved = errno;

  sys_call(SYS_close, fd);
  errno = saved;
}

static inline int sys_fsync(int fd)
{
  return sys_call(SYS_fsync, fd);
}

static inline int sys_fdatasync(int fd)
{
  return sys_call(SYS_fdatasync, fd);
}

/* Writes all dirty pages of the file and waits for them; no metadata, and no flush of the
 * disk's cache.  Some ports take the flags as the second argument, so that each 64-bit
 * argument begins in an even register.  fdatasync if the order here is not known. */
static inline int sys_write_pages(int fd)
{
  const long all = 1 | 2 | 4; /* SYNC_FILE_RANGE_WAIT_BEFORE, WRITE, WAIT_AFTER */

#if defined SYS_sync_file_range2
  return sys_call(SYS_sync_file_range2, fd, all, 0L, 0L, 0L, 0L);
#elif defined SYS_sync_file_range && defined __LP64__
  return sys_call(SYS_sync_file_range, fd, 0L, 0L, all);
#elif defined __i386__
  return sys_call(SYS_sync_file_range, fd, 0L, 0L, 0L, 0L, all);
#else
  (void) all;
  return sys_fdatasync(fd);
#endif
}

/* Waits for the end of a child that shares our memory and sends no signal. */
static inline void sys_reap(int child)
{
  sys_call(SYS_wait4, child, NULL, __WALL, NULL);
}

static inline int sys_syncfs(int fd)
{
  return sys_call(SYS_syncfs, fd);
}

/* sync(2) cannot fail, but a seccomp filter can refuse it. */
static inline int sys_sync(void)
{
  return sys_call(SYS_sync);
}

/* The kernel's struct statx, as of Linux 5.8: libc's may be older. */
struct sys_stat {
  uint32_t mask; /* what of the rest was answered */
  uint32_t block_size;
  uint64_t attributes;
  uint32_t links;
  uint32_t uid, gid;
  uint16_t mode, spare;
  uint64_t inode, size, blocks, attributes_mask;
  struct {
    int64_t seconds;
    uint32_t nanoseconds;
    int32_t spare;
  } accessed, born, changed, modified;
  uint32_t device_major, device_minor; /* of what it is, for a device file */
  uint32_t major, minor;               /* of where it lies */
  uint64_t mount;
  uint64_t spares[13];
};

_Static_assert(sizeof(struct sys_stat) == 256, "the kernel's struct statx");

/* Bits of MASK: statx(2), which calls them STATX_... */
enum {
  STAT_TYPE = 0x1,
  STAT_LINKS = 0x4,
  STAT_CHANGED = 0x80,
  STAT_INODE = 0x100,
  STAT_SIZE = 0x200,
  STAT_BASIC = 0x7ff,
  STAT_BORN = 0x800,
  STAT_MOUNT = 0x1000,
  STAT_UNIQUE_MOUNT = 0x4000, /* instead of the other, since Linux 6.8: never used again */
  STAT_ANY_MOUNT = STAT_MOUNT | STAT_UNIQUE_MOUNT,
};

/* ASKED is what will be read of ST; the device is always there.  Asking for the time of the
 * last change makes the next change costlier: since Linux 6.13 that takes a finer
 * timestamp, which is one more thing to log. */
static inline int sys_statx(int dirfd, const char *path, int flags, unsigned int asked,
                            struct sys_stat *st)
{
  return sys_call(SYS_statx, dirfd, path, flags, asked, st);
}

/* What an open descriptor leads to. */
static inline int sys_stat_fd(int fd, unsigned int asked, struct sys_stat *st)
{
  return sys_statx(fd, "", AT_EMPTY_PATH, asked, st);
}

/* The same; all zero, MASK too, where it cannot be known. */
static inline struct sys_stat sys_stat_of(int fd, unsigned int asked)
{
  struct sys_stat st;

  if (sys_stat_fd(fd, asked, &st) == -1)
    st = (struct sys_stat) { 0 };
  return st;
}

static inline int sys_fstatfs(int fd, sys_statfs *fs)
{
#ifdef SYS_fstatfs64
  return sys_call(SYS_fstatfs64, fd, sizeof *fs, fs);
#else
  return sys_call(SYS_fstatfs, fd, fs);
#endif
}

static inline ssize_t sys_readlink(const char *path, char *target, size_t size)
{
  return sys_call(SYS_readlinkat, AT_FDCWD, path, target, size);
}

static inline int sys_getcwd(char *path, size_t size)
{
  return sys_call(SYS_getcwd, path, size);
}

static inline bool sys_exists(int dirfd, const char *path)
{
  return sys_call(SYS_faccessat, dirfd, path, F_OK) == 0;
}

static inline ssize_t sys_read(int fd, void *bytes, size_t size)
{
  return sys_call(SYS_read, fd, bytes, size);
}

static inline ssize_t sys_getdents(int fd, void *entries, size_t size)
{
  return sys_call(SYS_getdents64, fd, entries, size);
}

static inline ssize_t sys_write(int fd, const void *bytes, size_t size)
{
  return sys_call(SYS_write, fd, bytes, size);
}

/* A set of signals as the kernel has it, on all ports but MIPS. */
typedef uint64_t sys_signals;

static inline int sys_block(const sys_signals *blocked, sys_signals *before)
{
  return sys_call(SYS_rt_sigprocmask, SIG_BLOCK, blocked, before, sizeof *before);
}

static inline int sys_set_blocked(const sys_signals *blocked)
{
  return sys_call(SYS_rt_sigprocmask, SIG_SETMASK, blocked, NULL, sizeof *blocked);
}

static inline int sys_pending(sys_signals *found)
{
  return sys_call(SYS_rt_sigpending, found, sizeof *found);
}

/* Takes one of these signals if it is pending, and does not wait. */
static inline void sys_take(const sys_signals *signals)
{
  static const uint64_t no_time[2] = { 0, 0 };

#ifdef SYS_rt_sigtimedwait
  sys_call(SYS_rt_sigtimedwait, signals, NULL, no_time, sizeof *signals);
#else
  sys_call(SYS_rt_sigtimedwait_time64, signals, NULL, no_time, sizeof *signals);
#endif
}

/* 1 is GRND_NONBLOCK: a program that starts before the kernel has collected enough entropy
 * does not wait for it. */
static inline ssize_t sys_getrandom(void *bytes, size_t size)
{
  return sys_call(SYS_getrandom, bytes, size, 1);
}

/* Fails on a pipe, which is no error here.  32-bit ports have a call of their own. */
static inline void sys_seek_end(int fd)
{
  int saved = errno;
#ifdef SYS__llseek
  int64_t end;

  sys_call(SYS__llseek, fd, 0, 0, &end, SEEK_END);
#else
  sys_call(SYS_lseek, fd, 0, SEEK_END);
#endif
  errno = saved;
}

static inline int sys_uname(struct utsname *system)
{
  return sys_call(SYS_uname, system);
}

/* New in Linux 6.8, so older headers lack it; MIPS and Alpha have other numbers. */
#if !defined SYS_statmount                                                                  \
  && (defined __i386__ || (defined __x86_64__ && !defined __ILP32__) || defined __aarch64__ \
      || defined __arm__ || defined __riscv || defined __s390x__ || defined __powerpc__)
#define SYS_statmount 457
#endif

static inline int sys_statmount(const void *request, void *answer, size_t size)
{
#ifdef SYS_statmount
  return sys_call(SYS_statmount, request, answer, size, 0);
#else
  (void) request, (void) answer, (void) size;
  errno = ENOSYS;
  return -1;
#endif
}

/* A copy of FD at the lowest free number from LOWEST on. */
static inline int sys_dup_above(int fd, int lowest)
{
#ifdef SYS_fcntl64
  return sys_call(SYS_fcntl64, fd, F_DUPFD_CLOEXEC, lowest);
#else
  return sys_call(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest);
#endif
}

static inline int sys_getppid(void)
{
  return sys_call(SYS_getppid);
}

static inline int sys_gettid(void)
{
  return sys_call(SYS_gettid);
}

static inline int sys_getpid(void)
{
  return sys_call(SYS_getpid);
}

/* The kernel's long, which is longer than ours on x32. */
#if defined __x86_64__ && defined __ILP32__
typedef long long sys_long;
#else
typedef long sys_long;
#endif

/* What getrusage(2) tells of a thread, as the kernel's struct rusage: libc's has times of
 * another size on some 32-bit ports. */
struct sys_usage {
  sys_long times[4], spare[7];
  sys_long blocks_read, blocks_dirtied; /* ru_oublock: counted when a page becomes dirty */
  sys_long messages[2], signals;
  sys_long sleeps, preemptions;
};

static inline int sys_usage_of_thread(struct sys_usage *usage)
{
  enum { THIS_THREAD = 1 };

  return sys_call(SYS_getrusage, THIS_THREAD, usage);
}

/* Sets both times of what FD leads to, to now. */
static inline int sys_touch(int fd)
{
  return sys_call(SYS_utimensat, fd, NULL, NULL, 0);
}

/* The handle of what FD leads to, as fanotify(7) reports it; it need not be possible to
 * open the file by it. */
static inline int sys_handle_of(int fd, void *handle)
{
  enum { HANDLE_FID = 0x200 };
  int mount;

  return sys_call(SYS_name_to_handle_at, fd, "", handle, &mount, AT_EMPTY_PATH | HANDLE_FID);
}

/* The kernel's clock, not one that a preloaded libfaketime would give. */
struct sys_time {
  int64_t seconds, nanoseconds;
};

static inline int sys_clock(clockid_t clock, struct sys_time *now)
{
#ifdef SYS_clock_gettime64
  return sys_call(SYS_clock_gettime64, clock, now);
#else
  struct timespec time;
  int result = sys_call(SYS_clock_gettime, clock, &time);

  now->seconds = time.tv_sec;
  now->nanoseconds = time.tv_nsec;
  return result;
#endif
}

#endif
