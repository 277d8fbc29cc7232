/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a change in a directory would survive: its filesystem, what the library
 * flushes there, and what makes a flush a lie. */
#include <errno.h>
#include <fcntl.h>
#include <libmount.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "core/filesystem.h"
#include "disk.h"

static bool is_ext(const char *type)
{
  return strcmp(type, "ext2") == 0 || strcmp(type, "ext3") == 0 || strcmp(type, "ext4") == 0;
}

/* What comes before the fsync of the directory where something new is in it. */
static const char *before(const struct filesystem *needs, const char *new_inode)
{
  return needs->syncfs_first ? "syncfs, then " : needs->new_inode_first ? new_inode : "";
}

static void tell_flushes(struct report *report, const struct filesystem *needs)
{
  find(report, SAFE, "open, mkstemp, fopen: %sfsync of the directory",
       before(needs, "fsync of the new file, then "));
  find(report, SAFE, "mkdir: %sfsync of the directory",
       before(needs, "fsync of the new directory, then "));
  find(report, SAFE, "link, symlink, mknod, mkfifo, unlink, rmdir, rename: %sfsync of the directory",
       before(needs, ""));
  find(report, SAFE, "rename to another directory: %s%sfsync of the new one%s",
       before(needs, ""), needs->rename == OLD_THEN_NEW ? "fsync of the old one, then " : "",
       needs->rename == NEW_THEN_OLD ? ", then of the old one" : "");
  find(report, SAFE, "before a link or rename of a file that has bytes: %s of the file",
       needs->range_writes_bytes ? "sync_file_range" : "fdatasync");
}

static void tell_why(struct report *report, const char *type, const struct filesystem *needs)
{
  if (needs->syncfs_first)
    find(report, SAFE, "why: there is no journal, and fsync of a directory writes no inode");
  else if (needs->rename == NEW_ALONE)
    find(report, SAFE, "why: there is one journal, and what commits one directory commits the new "
         "inode and the other directory");
  else if (!needs->new_inode_first)
    find(report, SAFE, "why: the fsync of the new directory alone would leave both names of a "
         "rename");
  else
    find(report, CANNOT_TELL, "why: no power was ever cut on %s, and this is the careful guess", type);
}

static bool has_option(struct libmnt_fs *fs, const char *name)
{
  return mnt_fs_get_option(fs, name, NULL, NULL) == 0;
}

static bool option_is(struct libmnt_fs *fs, const char *name, const char *value)
{
  size_t length;
  char *found;

  return mnt_fs_get_option(fs, name, &found, &length) == 0
      && length == strlen(value) && strncmp(found, value, length) == 0;
}

/* The mount options that make a flush a lie.  Newer overlays show volatile as
 * fsync=volatile. */
static void judge_options(struct report *report, struct libmnt_fs *fs)
{
  size_t length;
  char *upper;

  if (has_option(fs, "volatile") || option_is(fs, "fsync", "volatile"))
    find(report, UNSAFE, "it is mounted with volatile: fsync answers success and flushes nothing; mount "
         "it without");
  if (has_option(fs, "nobarrier") || option_is(fs, "barrier", "0") || option_is(fs, "barrier", "none"))
    find(report, UNSAFE, "it is mounted with nobarrier: a flush does not reach what the drive has in "
         "its cache; mount it without");
  if (mnt_fs_get_option(fs, "upperdir", &upper, &length) == 0)
    find(report, SAFE, "it passes flushes on to %.*s: check that directory too", (int) length, upper);
  if (has_option(fs, "ro"))
    find(report, SAFE, "it is mounted read-only: nothing changes in it");
}

/* Measured: ext2, ext3 and ext4 honour the option and the attribute; xfs the option,
 * and refuses the attribute; btrfs ignores all of it, sync too. */
static void judge_dirsync(struct report *report, const char *type, struct libmnt_fs *fs, int fd)
{
  int attributes = 0;
  bool option = has_option(fs, "dirsync") || has_option(fs, "sync");
  bool attribute = fd != -1 && ioctl(fd, FS_IOC_GETFLAGS, &attributes) == 0
                && (attributes & (FS_DIRSYNC_FL | FS_SYNC_FL));

  if (option && (is_ext(type) || strcmp(type, "xfs") == 0))
    find(report, SAFE, "the mount option dirsync or sync is set: the filesystem flushes every "
         "change itself");
  else if (option)
    find(report, SAFE, "the mount option dirsync or sync is set, but this filesystem ignores it");
  if (attribute && is_ext(type))
    find(report, SAFE, "the attribute D or S is set (chattr): the filesystem flushes every change "
         "of this directory itself");
  else if (attribute)
    find(report, SAFE, "the attribute D or S is set (chattr), but this filesystem ignores it");
}

static void judge_flush(struct report *report, int fd, int error)
{
  if (syscall(SYS_fsync, -1) == 0) {
    find(report, UNSAFE, "fsync answers success even without a file: something suppresses it here, such "
         "as systemd-nspawn --suppress-sync");
    return;
  }
  if (fd == -1)
    find(report, error == EACCES ? SAFE : CANNOT_TELL, "the directory cannot be opened (%s): the "
         "library flushes the whole filesystem instead", strerror(error));
  else if (syscall(SYS_fsync, fd) == 0)
    find(report, SAFE, "fsync of the directory answers success");
  else if (errno == EINVAL || errno == ENOTSUP || errno == ENOSYS || errno == EBADF)
    find(report, SAFE, "fsync of the directory is not to be had (%s): the library takes syncfs",
         strerror(errno));
  else
    find(report, UNSAFE, "fsync of the directory fails: %s; see the kernel's log", strerror(errno));
}

static void judge(struct report *report, const char *directory, struct libmnt_fs *fs)
{
  const char *type = mnt_fs_get_fstype(fs), *source = mnt_fs_get_source(fs);
  int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOCTTY), error = errno;
  int any = fd != -1 ? fd : open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const struct sys_stat st = sys_stat_of(any, STAT_TYPE | STAT_INODE | STAT_ANY_MOUNT);
  const struct filesystem *needs = filesystem_of(any, &st);

  find(report, SAFE, "filesystem: %s on %s, mounted at %s", type, source, mnt_fs_get_target(fs));
  if (needs->in_memory) {
    find(report, UNSAFE, "it is held in memory: nothing is flushed, and nothing survives a power "
         "cut; use a directory on a disk");
  } else {
    tell_flushes(report, needs);
    tell_why(report, type, needs);
    judge_options(report, fs);
    judge_dirsync(report, type, fs, fd);
    judge_flush(report, fd, error);
    tell_cache(report, any, source);
  }
  if (any != -1)
    close(any);
}

enum verdict check_directory(const char *directory)
{
  struct report report = { directory, SAFE };
  char *absolute = realpath(directory, NULL);
  struct libmnt_table *mounts = mnt_new_table_from_file("/proc/self/mountinfo");
  struct libmnt_fs *fs = absolute && mounts
    ? mnt_table_find_mountpoint(mounts, absolute, MNT_ITER_BACKWARD) : NULL;

  if (fs)
    judge(&report, absolute, fs);
  else
    find(&report, CANNOT_TELL, "nobody says what is mounted there: %s",
         absolute ? "/proc/self/mountinfo cannot be read" : strerror(errno));
  mnt_unref_table(mounts);
  free(absolute);
  return conclude(&report);
}
