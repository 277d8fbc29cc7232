/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a change in a directory would survive: its filesystem, what the library
 * flushes there, and what makes a flush a lie. */
#include <errno.h>
#include <fcntl.h>
#include <libmount.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "check.h"
#include "core/errors.h"
#include "core/ext_journal.h"
#include "core/filesystem.h"
#include "disk.h"
#include "kinds.h"

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
  note(report, SAFE, "open, mkstemp, fopen: %sfsync of the directory",
       before(needs, "fsync of the new file, then "));
  note(report, SAFE, "mkdir: %sfsync of the directory",
       before(needs, "fsync of the new directory, then "));
  note(report, SAFE,
       "link, symlink, mknod, mkfifo, unlink, rmdir, rename: %sfsync of the directory",
       before(needs, ""));
  if (needs->named_file_first)
    note(report, SAFE, "link, rename of a file: before that, fsync of the file");
  note(report, SAFE, "rename to another directory: %s%sfsync of the new one%s", before(needs, ""),
       needs->rename == OLD_THEN_NEW ? "fsync of the old one, then " : "",
       needs->rename == NEW_THEN_OLD ? ", then of the old one" : "");
  note(report, SAFE, "before a link or rename of a file that has bytes: %s of the file",
       needs->range_writes_bytes ? "sync_file_range" : "fdatasync");
  if (needs->fsync_hides_shutdown)
    note(report, SAFE,
         "after each fsync of a directory, statx of it: a shutdown of the filesystem "
         "shows in that alone");
  if (needs->forgets_other_names)
    note(report, SAFE, "with SYNCDIR_ONLY, removing a name of an inode that has others: syncfs");
  if (needs->fsync_may_skip)
    note(report, SAFE, "each fsync of a directory is verified: see libsyncdir(3)");
}

static bool is_fuse(const char *type)
{
  return strncmp(type, "fuse", 4) == 0;
}

/* In a container without /sys the device of an ext is not found, nor its journal. */
static bool shows_no_journal(const struct sys_stat *st)
{
  char device[NAME_MAX + 1];

  return !block_device_name(st, device, sizeof device);
}

static void tell_why(struct report *report, const char *type, const struct filesystem *needs,
                     const struct sys_stat *st)
{
  const struct kind *kind = kind_of(is_ext(type) && needs->syncfs_first ? "ext2" : type);

  if (kind && strcmp(kind->type, "ext2") == 0 && !needs->syncfs_first)
    kind = kind_of("ext4");
  if (is_ext(type) && needs->syncfs_first && shows_no_journal(st))
    note(report, SAFE,
         "why: whether there is a journal cannot be seen without /sys, and without a journal this "
         "is needed");
  else if (kind)
    note(report, kind->verdict, "why: %s", kind->why);
  else if (is_fuse(type))
    note(report, CANNOT_TELL, "why: what the server of %s flushes has not been examined", type);
  else
    note(report, CANNOT_TELL,
         "why: %s was never tested with power cuts; these flushes are a cautious guess", type);
}

static bool has_option(struct libmnt_fs *fs, const char *name)
{
  return mnt_fs_get_option(fs, name, NULL, NULL) == 0;
}

static bool option_begins(struct libmnt_fs *fs, const char *name, const char *value)
{
  size_t length;
  char *found;

  return mnt_fs_get_option(fs, name, &found, &length) == 0 && length >= strlen(value)
      && strncmp(found, value, strlen(value)) == 0;
}

/* The mount options that make a flush a lie.  Newer overlays show volatile as
 * fsync=volatile. */
static void judge_options(struct report *report, struct libmnt_fs *fs)
{
  if (has_option(fs, "volatile") || option_begins(fs, "fsync", "volatile"))
    note(report, UNSAFE,
         "it is mounted with volatile: fsync answers success and flushes nothing; mount "
         "it without");
  if (has_option(fs, "nobarrier") || option_begins(fs, "barrier", "0")
      || option_begins(fs, "barrier", "none"))
    note(report, UNSAFE,
         "it is mounted with nobarrier: a flush does not reach what the drive has in "
         "its cache; mount it without");
  if (option_begins(fs, "checkpoint", "disable"))
    note(report, UNSAFE,
         "it is mounted with checkpoint=disable: after a power cut it is as it was when that "
         "was set; mount it with checkpoint=enable");
  if (has_option(fs, "ro"))
    note(report, SAFE, "it is mounted read-only: nothing changes in it");
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
    note(report, SAFE,
         "the mount option dirsync or sync is set: the filesystem flushes every "
         "change itself");
  else if (option)
    note(report, SAFE, "the mount option dirsync or sync is set, but this filesystem ignores it");
  if (attribute && is_ext(type))
    note(report, SAFE,
         "the attribute D or S is set (chattr): the filesystem flushes every change "
         "of this directory itself");
  else if (attribute)
    note(report, SAFE, "the attribute D or S is set (chattr), but this filesystem ignores it");
}

static void judge_flush(struct report *report, const char *type, int fd, int error)
{
  if (syscall(SYS_fsync, -1) == 0) {
    note(report, UNSAFE,
         "fsync answers success even without a file: something suppresses it here, such "
         "as systemd-nspawn --suppress-sync");
    return;
  }
  if (fd == -1 && only_cannot_open(error) && is_fuse(type))
    note(report, CANNOT_TELL,
         "the directory cannot be opened (%s), and a FUSE server is not told of "
         "syncfs",
         strerror(error));
  else if (fd == -1)
    note(report, only_cannot_open(error) ? SAFE : UNSAFE, "the directory cannot be opened (%s): %s",
         strerror(error),
         only_cannot_open(error) ? "the library flushes the whole filesystem instead"
                                 : "see the kernel's log");
  else if (syscall(SYS_fsync, fd) == 0)
    note(report, SAFE, "fsync of the directory answers success");
  else if (not_for_directories(errno))
    note(report, is_fuse(type) ? CANNOT_TELL : SAFE,
         "fsync of the directory does not work here (%s): "
         "the library uses syncfs%s",
         strerror(errno), is_fuse(type) ? ", of which a FUSE server is not told" : "");
  else
    note(report, UNSAFE, "fsync of the directory fails: %s; see the kernel's log", strerror(errno));
}

static void judge_place(struct report *report, const char *directory, struct libmnt_table *mounts,
                        int depth);

/* A server shows the size of the filesystem that it lies on, so this is false if the path
 * leads elsewhere by now: that filesystem was unmounted, or another one mounted over it. */
static bool has_size_of(const char *below, int served)
{
  struct statvfs one, other;

  return statvfs(below, &one) == 0 && fstatvfs(served, &other) == 0
      && one.f_frsize == other.f_frsize && one.f_blocks == other.f_blocks;
}

static bool is_same_time(struct timespec one, struct timespec other)
{
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

/* The top of an overlay shows the times of its upper directory, which tells that from one on
 * another disk of the same size.  In between somebody may change a name there. */
static bool has_times_of(const char *upper, const char *top)
{
  enum { TRIES = 100 };
  struct stat one, other;

  for (int i = 0; i < TRIES; i++) {
    if (stat(upper, &one) == -1 || stat(top, &other) == -1)
      return false;
    if (is_same_time(one.st_mtim, other.st_mtim) && is_same_time(one.st_ctim, other.st_ctim))
      return true;
  }
  return false;
}

/* What the layer passes flushes on to, by the name that it was mounted with; that may lead
 * elsewhere by now. */
static void judge_below(struct report *report, const char *below, bool leads_there,
                        struct libmnt_table *mounts, int depth)
{
  enum { DEPTH_MAX = 4 };
  struct stat st;

  note(report, SAFE, "it passes flushes on to %s", below);
  if (depth == DEPTH_MAX || *below != '/' || stat(below, &st) == -1 || !S_ISDIR(st.st_mode))
    note(report, CANNOT_TELL,
         "%s cannot be seen from here: check that directory where it can be "
         "reached",
         below);
  else if (!leads_there)
    note(report, CANNOT_TELL,
         "%s is on another filesystem now, perhaps one that was mounted over it: check that "
         "directory where it can be reached",
         below);
  else
    judge_place(report, below, mounts, depth + 1);
}

/* What the library needs to know of the filesystem in DIRECTORY; NULL if it cannot be
 * opened. */
static const struct filesystem *needs_of(const char *directory)
{
  int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const struct sys_stat st = sys_stat_of(fd, STAT_TYPE | STAT_ANY_MOUNT);
  const struct filesystem *needs = fd == -1 ? NULL : filesystem_of(fd, &st);

  if (fd != -1)
    close(fd);
  return needs;
}

static void judge_upper(struct report *report, const struct filesystem *needs, struct libmnt_fs *fs,
                        struct libmnt_table *mounts, int depth)
{
  const struct filesystem *below;
  size_t length;
  char *option, upper[PATH_MAX];

  if (mnt_fs_get_option(fs, "upperdir", &option, &length) != 0) {
    note(report, SAFE, "it has no upper directory: nothing changes in it");
    return;
  }
  snprintf(upper, sizeof upper, "%.*s", (int) (length < PATH_MAX ? length : 0), option);
  judge_below(report, upper, has_times_of(upper, mnt_fs_get_target(fs)), mounts, depth);
  below = needs_of(upper);
  if (below && below->syncfs_first && !needs->syncfs_first)
    note(report, UNSAFE,
         "%s has no journal, and the library does not see that through the overlay; "
         "use ext4 with a journal, or xfs",
         upper);
}

/* What more than fsync of a directory is needed on the filesystem below a FUSE server,
 * which passes nothing else on. */
static void judge_what_is_not_passed_on(struct report *report, const char *below)
{
  const struct filesystem *needs = needs_of(below);

  if (needs && needs->syncfs_first)
    note(report, UNSAFE,
         "%s has no journal and needs syncfs, which is not passed on; use ext4 with a "
         "journal, or xfs",
         below);
  else if (needs && needs->fsync_may_skip)
    note(report, CANNOT_TELL,
         "an fsync of a directory on a btrfs may do nothing while another one is "
         "under way; that can be verified in %s, but not through the server",
         below);
}

/* gocryptfs shows the directory that it keeps its files in as the source, unless -fsname
 * says something else. */
static void judge_cipher(struct report *report, int any, const char *source,
                         struct libmnt_table *mounts, int depth)
{
  char configuration[PATH_MAX];

  snprintf(configuration, sizeof configuration, "%s/gocryptfs.conf", source ? source : "");
  if (!source || access(configuration, F_OK) == -1) {
    note(report, CANNOT_TELL,
         "the directory that it keeps its files in is not known: check that directory");
    return;
  }
  judge_below(report, source, has_size_of(source, any), mounts, depth);
  judge_what_is_not_passed_on(report, source);
}

/* GlusterFS shows root which of its translators a directory goes through; the one that
 * distributes files over bricks only if there are several to distribute over. */
static void judge_distribution(struct report *report, int fd)
{
  char translators[4096];
  ssize_t length = fgetxattr(fd, "trusted.glusterfs.pathinfo", translators, sizeof translators - 1);

  if (length == -1 && errno != ERANGE) {
    note(report, UNSAFE,
         "ask as root whether the volume is distributed over several bricks: then a link "
         "or rename may not be found after a power cut");
    return;
  }
  translators[length == -1 ? 0 : length] = '\0';
  /* What is too long for the buffer has many bricks. */
  if (length == -1 || strstr(translators, "<DISTRIBUTE:"))
    note(report, UNSAFE,
         "the volume is distributed over several bricks or sets of them: a file that was "
         "linked or renamed may be listed after a power cut and not be found by its name, until "
         "\"gluster volume set VOLUME cluster.lookup-optimize off\"");
}

/* The mount that the open directory lies in, by its number: a path says less in a chroot,
 * or where something is mounted over it. */
static struct libmnt_fs *mount_of(struct libmnt_table *mounts, int fd)
{
  struct libmnt_iter *at = mnt_new_iter(MNT_ITER_BACKWARD);
  struct libmnt_fs *fs = NULL, *found = NULL;
  struct statx stx;

  if (at && mounts && statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &stx) == 0
      && (stx.stx_mask & STATX_MNT_ID))
    while (!found && mnt_table_next_fs(mounts, at, &fs) == 0)
      if (mnt_fs_get_id(fs) == (int) stx.stx_mnt_id)
        found = fs;
  mnt_free_iter(at);
  return found;
}

static void judge_filesystem(struct report *report, int fd, int any, int error,
                             struct libmnt_fs *fs, struct libmnt_table *mounts, int depth)
{
  const char *type = mnt_fs_get_fstype(fs), *source = mnt_fs_get_source(fs);
  const struct sys_stat st = sys_stat_of(any, STAT_TYPE | STAT_INODE | STAT_ANY_MOUNT);
  const struct filesystem *needs = filesystem_of(any, &st);

  note(report, SAFE, "filesystem: %s on %s, mounted at %s", type, source ? source : "nothing",
       mnt_fs_get_target(fs));
  if (needs->in_memory) {
    note(report, UNSAFE,
         "it is held in memory: nothing is flushed, and nothing survives a power "
         "cut; use a directory on a disk");
    return;
  }
  tell_flushes(report, needs);
  tell_why(report, type, needs, &st);
  judge_options(report, fs);
  judge_dirsync(report, type, fs, fd);
  judge_flush(report, type, fd, error);
  tell_cache(report, any, source);
  if (strcmp(type, "overlay") == 0)
    judge_upper(report, needs, fs, mounts, depth);
  if (strcmp(type, "fuse.gocryptfs") == 0)
    judge_cipher(report, any, source, mounts, depth);
  if (strcmp(type, "fuse.glusterfs") == 0)
    judge_distribution(report, fd);
}

static void judge_place(struct report *report, const char *directory, struct libmnt_table *mounts,
                        int depth)
{
  int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOCTTY), error = errno;
  int any = fd != -1 ? fd : open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  struct libmnt_fs *fs = any == -1 ? NULL : mount_of(mounts, any);

  if (any == -1)
    note(report, CANNOT_TELL, "%s cannot be opened: %s", directory, strerror(errno));
  else if (!mounts)
    note(report, CANNOT_TELL,
         "the filesystem of %s is not known: /proc/self/mountinfo cannot be read", directory);
  else if (!fs)
    note(report, CANNOT_TELL,
         "the filesystem of %s is not known: its mount is not shown here, as in a "
         "chroot whose root is not a mount point; check the directory from outside",
         directory);
  else
    judge_filesystem(report, fd, any, error, fs, mounts, depth);
  if (any != -1)
    close(any);
}

void check_directory(struct report *report, const char *directory)
{
  struct libmnt_table *mounts = mnt_new_table_from_file("/proc/self/mountinfo");

  judge_place(report, directory, mounts, 0);
  mnt_unref_table(mounts);
}
