/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of the system calls that let nothing out.
 *
 * Outside are other processes, and whoever finds the disk after a power cut.  A call
 * that is not here, or not with these arguments, is taken to tell them something: a
 * call too few costs a flush, a call too many breaks the promise.
 *
 * What others find out by watching is not told: that a name is there, which they see in
 * the strict mode too before it is durable; that a file was opened or read (inotify(7),
 * times of access, /proc); that input has been taken, which makes room in its pipe.
 *
 * First come the judgements of arguments, then the list.  They are in one file, because
 * in two they would take 200 bytes more, of the few that the library has left. */
#include "defer/inward.h"

#ifdef HAS_DISPATCH

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/vfs.h>

#include "core/parent.h"
#include "core/sys.h"
#include "defer/ahead.h"
#include "defer/alone.h"
#include "defer/locked.h"
#include "defer/mappings.h"
#include "defer/origin.h"
#include "defer/pending.h"
#include "defer/servers.h"

/* What libc's headers may leave out; musl's compiler does not see the kernel's. */
enum { CLONE_FILE = 0x40049409, KEEP_SIZE = 1 }; /* FICLONE, FALLOC_FL_KEEP_SIZE */

/* The bits of a mode, all that openat2 accepts. */
enum { ALL_OF_MODE = 07777 };

/* All three flags: start, and wait for what was under way and for what was started,
 * with WB_SYNC_ALL. */
enum { WRITE_AND_WAIT = 1 | 2 | 4 };

static long done(const struct call *call)
{
  const long *a = call->arguments;

  return syncdir__gate(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Not the time of the last change: to ask for that makes the next one dearer. */
enum { LOOK = STAT_TYPE | STAT_INODE | STAT_SIZE };

static long look(int dirfd, const char *path, int flags, struct sys_stat *st)
{
  return GATE(SYS_statx, dirfd, path, flags, LOOK, st);
}

/* What FD leads to, asked of the cache: false of what a server would see. */
static bool look_at(int fd, struct sys_stat *st)
{
  return !is_pending_descriptor(fd) && look(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, st) == 0
      && !is_served(st->major, st->minor);
}

/* A pipe or a socket that has something to read: it would not have waited.  Before
 * it waits, nothing is to be pending. */
static bool has_input(int fd)
{
  struct pollfd input = { .fd = fd, .events = POLLIN };

  return GATE(SYS_poll, &input, 1, 0) == 1 && (input.revents & (POLLIN | POLLHUP));
}

/* A regular file, a directory, /dev/null, zero, random or urandom.  Any other device
 * does what its driver likes. */
static bool is_of_quiet_kind(const struct sys_stat *st)
{
  return S_ISREG(st->mode) || S_ISDIR(st->mode)
      || (S_ISCHR(st->mode) && st->device_major == 1
          && (st->device_minor == 3 || st->device_minor == 5 || st->device_minor == 8
              || st->device_minor == 9));
}

/* Whether the filesystem of FD keeps files and nothing else.  What /proc, sysfs or tracefs
 * show as one may be made for its reader, be gone once it is read, or be waited for; and
 * to close a queue of mq_open(3) lets another process ask for its signals.  Those have no
 * device. */
static bool keeps_files(int fd, const struct sys_stat *st)
{
  enum { TMPFS = 0x01021994, RAMFS = 0x858458F6, BTRFS = 0x9123683E, OVERLAY = 0x794C7630 };
  struct statfs fs;

  if (st->major != 0 || is_on_its_filesystem(st))
    return true;
  if (GATE(SYS_fstatfs, fd, &fs) != 0)
    return false;
  switch ((uint32_t) fs.f_type) {
    case TMPFS:
    case RAMFS:
    case BTRFS: return true;
    case OVERLAY: return !has_servers(); /* one may lie below it */
    default: return false;
  }
}

static bool is_quiet(int fd, const struct sys_stat *st)
{
  return is_of_quiet_kind(st) && (S_ISCHR(st->mode) || keeps_files(fd, st));
}

static bool reading_tells_nothing(int fd)
{
  struct sys_stat st;

  if (!look_at(fd, &st))
    return false;
  return is_quiet(fd, &st) || ((S_ISFIFO(st.mode) || S_ISSOCK(st.mode)) && has_input(fd));
}

/* Behind the end of a file that was made in this batch: the file gets longer by a
 * change of its inode, which the journal has after the names that are pending.  In
 * place it would be the bytes alone, and they are in no journal. */
static bool is_behind_the_end(int fd, int64_t at)
{
  struct sys_stat st;

  return origin_of(fd) == MADE && look_at(fd, &st) && at >= 0 && (uint64_t) at >= st.size;
}

static bool appends(int fd)
{
  long flags = GATE(SYS_fcntl, fd, F_GETFL);

  if (origin_of(fd) != MADE || flags < 0)
    return false;
  return (flags & O_APPEND) || is_behind_the_end(fd, GATE(SYS_lseek, fd, 0, SEEK_CUR));
}

/* Whether FD was opened to be read alone.  The last one that can be written to keeps
 * others from executing the file, and watchers (inotify(7)) take its end for the news
 * that the file is complete. */
static bool is_read_only(int fd)
{
  long flags = GATE(SYS_fcntl, fd, F_GETFL);

  return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY;
}

/* Closing any descriptor of a file lets go of the locks of fcntl(2) that the process
 * has on it, and the last one of an open file of those of flock(2), which may have been
 * inherited with it.  A file of this batch has none: to lock it would have ended it. */
static bool closing_tells_nothing(int fd)
{
  struct sys_stat st;

  if (origin_of(fd) == MADE)
    return true;
  return look_at(fd, &st) && is_quiet(fd, &st) && !process_may_lock(fd)
      && (origin_of(fd) == OPENED
          || ((S_ISCHR(st.mode) || is_read_only(fd)) && !file_may_be_locked(fd)));
}

/* Whether nobody sees that PATH is looked up. */
static bool lookup_tells_nothing(int dirfd, const char *path)
{
  return !is_pending_descriptor(dirfd) && stays_away_from_servers(dirfd, path);
}

/* Whether the directory that holds PATH is on the batch's filesystem: another one has
 * a journal of its own, which may be the first on the disk.  What is there already, on
 * the batch's mount, lies in a directory of it.  A path that cannot be read gets the
 * kernel's answer to it. */
static bool changes_its_filesystem(int dirfd, const char *path)
{
  struct sys_stat st;
  long found;

  if (!lookup_tells_nothing(dirfd, path))
    return false;
  found = GATE(SYS_statx, dirfd, path, AT_SYMLINK_NOFOLLOW, LOOK | STAT_ANY_MOUNT, &st);
  if (found == -EFAULT)
    return true;
  if (found != 0 && found != -ENOENT)
    return false;
  if (found == 0 && is_inside_its_mount(&st))
    return true;
  return stat_parent(dirfd, path, STAT_TYPE, &st) == 0 && is_on_its_filesystem(&st);
}

static long open_as(int dirfd, const char *path, int flags, mode_t mode, enum origin origin)
{
  long fd = GATE(SYS_openat, dirfd, path, flags, mode);

  if (fd >= 0)
    note_opened(fd, origin);
  return fd;
}

/* Below DIRFD, if that is on the batch's filesystem, and not by way of another mount: what
 * is made there is on it too.  False: that is not how PATH goes, or the kernel cannot tell. */
static bool make_below(int dirfd, const char *path, int flags, mode_t mode, long *result)
{
  const struct how_to_open how = { .flags = (unsigned) flags,
                                   .mode = mode & ALL_OF_MODE,
                                   .resolve = NO_OTHER_MOUNT | NO_MAGIC_LINK | BELOW };
  struct sys_stat st;

  if (look(dirfd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, &st) != 0 || !is_on_its_filesystem(&st))
    return false;
  *result = GATE(SYS_openat2, dirfd, path, &how, sizeof how);
  return *result >= 0 || *result == -EEXIST || *result == -ENOENT;
}

/* A file is made by this call alone if O_EXCL says so; where it is there already, its
 * opening is another question. */
static bool do_make(int dirfd, const char *path, int flags, mode_t mode, long *result)
{
  if (make_below(dirfd, path, flags | O_EXCL, mode, result)) {
    if (*result >= 0)
      note_opened(*result, MADE);
  } else if (changes_its_filesystem(dirfd, path)) {
    *result = open_as(dirfd, path, flags | O_EXCL, mode, MADE);
  } else {
    return false;
  }
  return *result != -EEXIST || (flags & O_EXCL);
}

/* Whether what PATH leads to, of which statx said ST, is opened without anybody's notice:
 * a fifo would let a writer go on, a device does what it likes, and whoever has a lease
 * of the file is asked to give it up, and waited for. */
static bool opening_tells_nothing(int dirfd, const char *path, int flags, const struct sys_stat *st)
{
  bool quiet;
  long fd;

  if (!is_of_quiet_kind(st) || (S_ISREG(st->mode) && may_be_leased()))
    return false;
  if (S_ISCHR(st->mode) || st->major != 0)
    return true;
  fd = GATE(SYS_openat, dirfd, path, O_PATH | O_CLOEXEC | (flags & O_NOFOLLOW));
  if (fd < 0)
    return false;
  quiet = keeps_files(fd, st);
  GATE(SYS_close, fd);
  return quiet;
}

/* What is there is opened to be read: to truncate a file destroys its bytes.  What is not
 * there, and is not to be made, is not opened. */
static bool do_open(int dirfd, const char *path, int flags, mode_t mode, long *result)
{
  struct sys_stat st;

  if (!lookup_tells_nothing(dirfd, path))
    return false;
  if (flags & O_PATH) {
    *result = open_as(dirfd, path, flags, mode, OPENED);
    return true;
  }
  if ((flags & O_TMPFILE) == O_TMPFILE)
    return false;
  if (flags & O_CREAT)
    return do_make(dirfd, path, flags, mode, result);
  *result = look(dirfd, path, flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0, &st);
  if (*result == -ENOENT)
    return true;
  if (*result != 0 || (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC))
    return false;
  if (take_opened_ahead(&st, flags, result)) {
    note_opened(*result, OPENED);
    return true;
  }
  if (!opening_tells_nothing(dirfd, path, flags, &st))
    return false;
  *result = open_as(dirfd, path, flags, 0, OPENED);
  return true;
}

/* fsync of a file that this batch has made: its bytes are written and waited for.  The
 * commit that makes its name durable comes later, and flushes the disk's cache first. */
static bool do_fsync(int fd, long *result)
{
  if (origin_of(fd) != MADE)
    return false;
  *result = GATE(SYS_sync_file_range, fd, 0, 0, WRITE_AND_WAIT);
  return (*result == -EIO || *result == -ENOSPC || *result == -EDQUOT)
      || (*result == 0 && flush_next(fd));
}

/* MADV_REMOVE makes a hole in the file that is mapped, by a mapping that can only be
 * read as well; MADV_WILLNEED reads it. */
static bool is_advice_for_us(int advice)
{
  return advice == MADV_NORMAL || advice == MADV_RANDOM || advice == MADV_SEQUENTIAL
      || advice == MADV_DONTNEED || advice == MADV_FREE || advice == MADV_HUGEPAGE
      || advice == MADV_NOHUGEPAGE;
}

/* A file that is mapped is open, and its flock(2) held, until its last mapping goes. */
static bool changes_own_memory(const struct call *call)
{
  const long *a = call->arguments;

  switch (call->number) {
    case SYS_munmap: return is_anonymous(a[0], a[1]);
    case SYS_mremap: return !(a[3] & MREMAP_FIXED) && is_anonymous(a[0], a[1]);
    case SYS_madvise: return is_advice_for_us(a[2]);
    default: return false;
  }
}

static bool is_terminal(const struct sys_stat *st)
{
  enum { TTY = 4, CONSOLE = 5, FIRST_PTY = 136, LAST_PTY = 143 };

  return S_ISCHR(st->mode)
      && (st->device_major == TTY || st->device_major == CONSOLE
          || (st->device_major >= FIRST_PTY && st->device_major <= LAST_PTY));
}

/* isatty(3).  A server gets an ioctl of its files, and of its devices. */
static bool may_be_asked_for_terminal(int fd)
{
  struct sys_stat st;

  return look_at(fd, &st)
      && (is_of_quiet_kind(&st) || is_terminal(&st) || S_ISFIFO(st.mode) || S_ISSOCK(st.mode));
}

static bool is_private_mapping(const long *a)
{
  struct sys_stat st;

  if ((a[3] & MAP_FIXED) && !is_anonymous(a[0], a[1]))
    return false;
  if ((a[3] & MAP_TYPE) != MAP_PRIVATE && (a[2] & PROT_WRITE))
    return false;
  if (a[3] & MAP_ANONYMOUS)
    return (a[3] & MAP_TYPE) == MAP_PRIVATE;
  return look_at(a[4], &st) && is_quiet(a[4], &st);
}

/* Whether SIGNAL ends the process, and its parent sees of what. */
bool signal_ends(int signal)
{
  struct action action;

  return GATE(SYS_rt_sigaction, signal, NULL, &action, sizeof action.mask) == 0
      && action.handler == (void *) SIG_DFL;
}

static bool changes_names(const struct call *call)
{
  const long *a = call->arguments;

  switch (call->number) {
    case SYS_unlink:
    case SYS_rmdir:
    case SYS_mkdir:
    case SYS_mknod: return changes_its_filesystem(AT_FDCWD, (const char *) a[0]);
    case SYS_unlinkat:
    case SYS_mkdirat:
    case SYS_mknodat: return changes_its_filesystem(a[0], (const char *) a[1]);
    /* These two cannot leave their filesystem: the new name tells. */
    case SYS_link:
    case SYS_rename:
      return lookup_tells_nothing(AT_FDCWD, (const char *) a[0])
          && changes_its_filesystem(AT_FDCWD, (const char *) a[1]);
    case SYS_linkat:
    case SYS_renameat:
    case SYS_renameat2:
      return lookup_tells_nothing(a[0], (const char *) a[1])
          && changes_its_filesystem(a[2], (const char *) a[3]);
    case SYS_symlink: return changes_its_filesystem(AT_FDCWD, (const char *) a[1]);
    case SYS_symlinkat: return changes_its_filesystem(a[1], (const char *) a[2]);
    default: return false;
  }
}

/* clang-format off */
/* Calls that let nothing out whatever their arguments are. */
static bool tells_nothing(long number)
{
  switch (number) {
    /* Memory of this process alone. */
    case SYS_brk: case SYS_mincore:
    /* Questions about the process and the machine. */
    case SYS_getpid: case SYS_gettid: case SYS_getppid: case SYS_getuid: case SYS_geteuid:
    case SYS_getgid: case SYS_getegid: case SYS_getresuid: case SYS_getresgid:
    case SYS_getgroups: case SYS_getpgrp: case SYS_getpgid: case SYS_getsid:
    case SYS_getrlimit: case SYS_getrusage: case SYS_getcwd: case SYS_getrandom:
    case SYS_uname: case SYS_sysinfo: case SYS_times: case SYS_time:
    case SYS_clock_gettime: case SYS_clock_getres: case SYS_gettimeofday:
      return true;
    default: return false;
  }
}
/* clang-format on */

/* Questions about a file by its name. */
static bool asks_about_name(const struct call *call)
{
  const long *a = call->arguments;

  switch (call->number) {
    case SYS_stat:
    case SYS_lstat:
    case SYS_access:
    case SYS_readlink:
    case SYS_statfs:
    case SYS_getxattr:
    case SYS_lgetxattr: return lookup_tells_nothing(AT_FDCWD, (const char *) a[0]);
    case SYS_newfstatat:
    case SYS_statx:
    case SYS_faccessat:
    case SYS_faccessat2:
    case SYS_readlinkat: return lookup_tells_nothing(a[0], (const char *) a[1]);
    default: return false;
  }
}

/* Calls of a descriptor, by what it leads to and where it comes from. */
static bool tells_nothing_of(const struct call *call)
{
  const long *a = call->arguments;
  struct sys_stat st;

  switch (call->number) {
    case SYS_fstat:
    case SYS_fstatfs:
    case SYS_fgetxattr: return look_at(a[0], &st);
    /* The offset may be shared with another process. */
    case SYS_lseek:
      return origin_of(a[0]) != ELSEWHERE
          || (a[1] == 0 && a[2] == SEEK_CUR && !is_pending_descriptor(a[0]));
    /* The flags may be shared with another process, but for what was opened here. */
    case SYS_fcntl:
      return (a[1] == F_SETFL && origin_of(a[0]) != ELSEWHERE)
          || ((a[1] == F_GETFL || a[1] == F_GETFD) && !is_pending_descriptor(a[0]));
    case SYS_ioctl:
      return (a[1] == TCGETS && may_be_asked_for_terminal(a[0]))
          || (a[1] == CLONE_FILE && is_behind_the_end(a[0], 0)); /* cp(1) */
    case SYS_read:
    case SYS_readv:
    case SYS_pread64:
    case SYS_getdents64: return reading_tells_nothing(a[0]);
    case SYS_fadvise64: return look_at(a[0], &st) && S_ISREG(st.mode);
    case SYS_write:
    case SYS_writev: return appends(a[0]);
    case SYS_pwrite64: return is_behind_the_end(a[0], a[3]);
    case SYS_copy_file_range:
      return !a[3] && appends(a[2]) && look_at(a[0], &st) && S_ISREG(st.mode);
    case SYS_fallocate: return origin_of(a[0]) == MADE && (a[1] & ~KEEP_SIZE) == 0;
    case SYS_fchmod:
    case SYS_fchown: return origin_of(a[0]) == MADE;
    case SYS_utimensat: return !a[1] && origin_of(a[0]) == MADE;
    case SYS_mmap: return is_private_mapping(a);
    case SYS_mprotect: return !(a[2] & PROT_WRITE);
    case SYS_prlimit64: return !a[2];
    default: return false;
  }
}

bool do_inward(const struct call *call, long *result)
{
  const long *a = call->arguments;

  if (call->machine != OUR_MACHINE)
    return false;
  switch (call->number) {
    case SYS_open: return do_open(AT_FDCWD, (const char *) a[0], a[1], a[2], result);
    case SYS_openat: return do_open(a[0], (const char *) a[1], a[2], a[3], result);
    case SYS_creat:
      return do_open(AT_FDCWD, (const char *) a[0], O_CREAT | O_WRONLY | O_TRUNC, a[1], result);
    case SYS_fsync:
    case SYS_fdatasync: return do_fsync(a[0], result);
    case SYS_umask:
      if (parent_shares_umask())
        return false;
      break;
    /* A timer of the process, whose signal is for nobody else. */
    case SYS_alarm:
      if (signal_ends(SIGALRM))
        return false;
      break;
    /* What a signal does to this process alone; SIGSYS is ours. */
    case SYS_rt_sigaction:
      if ((int) a[0] == SIGSYS)
        return false;
      break;
    case SYS_close:
      if (!closing_tells_nothing(a[0]))
        return false;
      note_closed(a[0]);
      break;
    default:
      if (!tells_nothing(call->number) && !tells_nothing_of(call) && !changes_own_memory(call)
          && !asks_about_name(call) && !changes_names(call))
        return false;
  }
  *result = done(call);
  return true;
}

#endif
