/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table "what each filesystem needs".  The rows of ext4, xfs, btrfs and of no
 * journal were found by cutting the power at every write (Linux 6.18; ext2 by
 * ext4's driver); the others are guesses.  doc/libsyncdir.3 has it in words. */
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "core/filesystem.h"
#include "core/sys.h"
#include "core/text.h"

/* One journal: the commit that the new parent forces takes the new inode and
 * the old parent along.  With fast_commit too. */
static const struct filesystem ext4 = {
  .across = NEW_ONLY, .believe_birth = true,
};

/* The same.  Linux 6.18: after a shutdown nothing is pinned in the log any
 * more, which xfs_dir_fsync takes for "all is written". */
static const struct filesystem xfs = {
  .across = NEW_ONLY, .fsync_hides_shutdown = true, .believe_birth = true,
};

/* fsync of the old parent forces a full transaction commit (the log cannot
 * hold a name that went elsewhere); fsync of the new one alone would leave
 * both names, even after the return. */
static const struct filesystem btrfs = {
  .across = OLD_THEN_NEW, .believe_birth = true,
};

/* syncfs before the parent's fsync, not after: it issues its cache flush while
 * metadata is still in flight, and the fsync flushes again.  New before old: a
 * name in both places, rather than in none. */
static const struct filesystem without_journal = {
  .new_inode_first = true, .name_by_syncfs = true, .across = NEW_THEN_OLD,
};

static const struct filesystem in_memory = {
  .in_memory = true,
};

/* A guess.  An overlay may lie on btrfs, therefore old then new.  No syncfs:
 * in a container it would flush the disk of the host. */
static const struct filesystem any_other = {
  .new_inode_first = true, .across = OLD_THEN_NEW,
};

static const struct filesystem f2fs = {
  .new_inode_first = true, .across = OLD_THEN_NEW, .believe_birth = true,
};

/* statfs(2) f_type, from the kernel's include/uapi/linux/magic.h. */
enum { EXT2_EXT3_EXT4 = 0xEF53 };

static const struct {
  uint32_t type;
  const struct filesystem *filesystem;
} table[] = {
  { 0x58465342, &xfs },
  { 0x9123683E, &btrfs },
  { 0xF2F52010, &f2fs },
  { 0x01021994, &in_memory },      /* tmpfs and devtmpfs */
  { 0x858458F6, &in_memory },      /* ramfs */
  { 0x00009FA0, &in_memory },      /* proc */
  { 0x62656572, &in_memory },      /* sysfs */
  { 0x0027E0EB, &in_memory },      /* cgroup */
  { 0x63677270, &in_memory },      /* cgroup2 */
  { 0x00001CD1, &in_memory },      /* devpts */
  { 0x958458F6, &in_memory },      /* hugetlbfs */
  { 0x19800202, &in_memory },      /* mqueue */
  { 0x64626720, &in_memory },      /* debugfs */
  { 0x74726163, &in_memory },      /* tracefs */
  { 0x73636673, &in_memory },      /* securityfs */
  { 0xF97CFF8C, &in_memory },      /* selinuxfs */
  { 0x43415D53, &in_memory },      /* smackfs */
  { 0x62656570, &in_memory },      /* configfs */
  { 0xCAFE4A11, &in_memory },      /* bpf */
  { 0x42494E4D, &in_memory },      /* binfmt_misc */
  { 0x65735543, &in_memory },      /* fusectl */
  { 0x67596969, &in_memory },      /* rpc_pipefs */
  { 0x6E736673, &in_memory },      /* nsfs */
};

/* The name that sysfs, jbd2 and ext4 give to the block device below a directory:
 * the last component of where /sys/dev/block/MAJ:MIN leads. */
static bool block_device_name(const struct sys_stat *directory, char *name, size_t size)
{
  char link[64], target[512];
  struct text path = empty_text(link, sizeof link);
  struct text found = empty_text(name, size);
  ssize_t length;

  add_string(&path, "/sys/dev/block/");
  add_number(&path, directory->major);
  add_string(&path, ":");
  add_number(&path, directory->minor);
  length = sys_readlink(link, target, sizeof target - 1);
  if (length == -1)
    return false;
  target[length] = '\0';
  add_string(&found, strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
  return !found.cut;
}

/* journal_task holds the number of the journal's thread, or "<none>".  Both
 * kinds of filesystem have the file. */
static bool has_journal_thread(const char *device)
{
  char buffer[NAME_MAX + sizeof "/sys/fs/ext4//journal_task"], first = '<';
  struct text path = empty_text(buffer, sizeof buffer);
  int fd;

  add_string(&path, "/sys/fs/ext4/");
  add_string(&path, device);
  add_string(&path, "/journal_task");
  fd = sys_openat(AT_FDCWD, buffer, O_RDONLY | O_CLOEXEC);
  if (fd == -1)
    return false;
  sys_read(fd, &first, 1);
  sys_close(fd);
  return first >= '0' && first <= '9';
}

/* ext2, ext3 and ext4 have one f_type.  jbd2 names a journal after its device
 * and inode, which is number 8 if mkfs made it: the cheap question first, the
 * other for a journal elsewhere or without /proc.  Not to be found out: no
 * journal. */
static bool find_journal(const struct sys_stat *directory)
{
  char device[NAME_MAX + 1], buffer[NAME_MAX + sizeof "/proc/fs/jbd2/-8"];
  struct text path = empty_text(buffer, sizeof buffer);

  if (!block_device_name(directory, device, sizeof device))
    return false;
  add_string(&path, "/proc/fs/jbd2/");
  add_string(&path, device);
  add_string(&path, "-8");
  return sys_exists(buffer) || has_journal_thread(device);
}

/* To find the journal costs more than all else that we add to a link, so the
 * mount on which it was found last is remembered.  By its unique number, which
 * the kernel gives to no other mount; a device's goes to another filesystem
 * soon.  A mount keeps its filesystem, and that its journal, to the end.  That
 * there is none is asked again each time, as is all before Linux 6.8.
 *
 * One word, written when the mount is another one: no lock, and a reader sees
 * one number or the other.  A number that does not fit is not remembered. */
static bool has_journal(const struct sys_stat *directory)
{
  static _Atomic unsigned long remembered;
  unsigned long mount = directory->mask & STAT_UNIQUE_MOUNT ? directory->mount : 0;

  if (mount != directory->mount)
    mount = 0;
  if (mount && mount == atomic_load_explicit(&remembered, memory_order_relaxed))
    return true;
  if (!find_journal(directory))
    return false;
  if (mount)
    atomic_store_explicit(&remembered, mount, memory_order_relaxed);
  return true;
}

static uint32_t type_of(int fd)
{
  sys_statfs fs;

  return sys_fstatfs(fd, &fs) == -1 ? 0 : (uint32_t) fs.f_type;
}

static const struct filesystem *in_table(uint32_t type)
{
  for (size_t row = 0; row < sizeof table / sizeof *table; row++)
    if (table[row].type == type)
      return table[row].filesystem;
  return &any_other;
}

const struct filesystem *filesystem_by_type(int fd)
{
  uint32_t type = type_of(fd);

  return type == EXT2_EXT3_EXT4 ? &ext4 : in_table(type);
}

const struct filesystem *filesystem_of(int fd, const struct sys_stat *known)
{
  uint32_t type = type_of(fd);
  struct sys_stat st;

  /* 0: a filter refuses fstatfs.  The row that is enough everywhere. */
  if (type == 0)
    return &without_journal;
  if (type != EXT2_EXT3_EXT4)
    return in_table(type);
  if (!known && sys_stat_fd(fd, &st) == -1)
    return &without_journal;
  return has_journal(known ? known : &st) ? &ext4 : &without_journal;
}
