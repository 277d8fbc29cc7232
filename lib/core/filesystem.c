/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table "what each filesystem needs".  The rows of ext4, xfs, btrfs, overlayfs above
 * them and filesystems without a journal were found by cutting the power at every write
 * (Linux 6.18; ext2 with the driver of ext4), and those of FUSE by counting the flushes of
 * the disk below.  The others are guesses.  doc/libsyncdir.3 says the same in words. */
#include <stdatomic.h>
#include <stdint.h>

#include "core/ext_journal.h"
#include "core/filesystem.h"
#include "core/fuse.h"
#include "core/overlay.h"
#include "core/sys.h"

/* clang-format off */
enum row { EXT, EXT4, XFS, BTRFS, F2FS, WITHOUT_JOURNAL, IN_MEMORY, OVERLAY, OVER_BTRFS,
           OVER_NO_JOURNAL, OVER_UNKNOWN, FUSE, FUSE_PASSING_ON, ANY_OTHER, ROWS };

static const struct filesystem rows[ROWS] = {
  /* One journal: the commit that the new parent forces takes the new inode and
   * the old parent along.  With fast_commit too. */
  [EXT4] = { .one_journal = true, .may_commit_fast = true, .range_writes_bytes = true,
             .believe_birth = true },

  /* As ext4.  After a shutdown (Linux 6.18) nothing is pinned in the log any more, so
   * xfs_dir_fsync finds nothing to write and returns 0. */
  [XFS] = { .one_journal = true, .range_writes_bytes = true, .fsync_hides_shutdown = true,
            .believe_birth = true },

  /* fsync of the old parent forces a full transaction commit, or writes a log into
   * which the rename itself has put the new name; fsync of the new one alone would
   * leave both names, even after the return. */
  [BTRFS] = { .rename = OLD_THEN_NEW, .fsync_may_skip = true, .forgets_other_names = true,
              .believe_birth = true },

  [F2FS] = { .new_inode_first = true, .rename = NEW_THEN_OLD, .believe_birth = true },

  /* syncfs before the parent's fsync, not after: syncfs flushes the disk's cache while
   * metadata is still on its way to the disk, and the fsync flushes the cache again. */
  [WITHOUT_JOURNAL] = { .syncfs_first = true },

  /* ext2, ext3 or ext4, before it is known whether it has a journal. */
  [EXT] = { .believe_birth = true },

  [IN_MEMORY] = { .in_memory = true },

  /* A guess.  A power cut between the two flushes of a rename may leave both names, but
   * never none; the other order left none on an overlay above ext2. */
  [ANY_OTHER] = { .new_inode_first = true, .rename = NEW_THEN_OLD },

  /* An overlay, by the filesystem of its upper directory: OVER_BTRFS, btrfs;
   * OVER_NO_JOURNAL, one that may lack a journal; OVERLAY, any other; OVER_UNKNOWN, not
   * known: enough for btrfs and for any other, but not for one without a journal.  syncfs
   * flushes the whole disk of the host, so it is used only where nothing less is enough.
   * A new file lies in the upper directory and has its time of birth from there; only for
   * btrfs is it certain that this was this kernel's clock. */
  [OVERLAY] = { .new_inode_first = true, .rename = NEW_THEN_OLD },
  [OVER_BTRFS] = { .rename = OLD_THEN_NEW, .fsync_may_skip = true, .forgets_other_names = true,
                   .copies_up_by_clone = true, .believe_birth = true },
  [OVER_NO_JOURNAL] = { .syncfs_first = true },
  [OVER_UNKNOWN] = { .new_inode_first = true, .rename = NEW_THEN_OLD, .fsync_may_skip = true,
                     .forgets_other_names = true, .copies_up_by_clone = true },

  /* By what the server does.  GlusterFS, bindfs, mergerfs and sshfs flush nothing for a
   * directory, but pass fsync of a file on, and a journal below takes the file's names
   * along.  An unknown server is treated like these. */
  [FUSE] = { .new_inode_first = true, .named_file_first = true, .rename = NEW_THEN_OLD,
             .fuse = true },
  [FUSE_PASSING_ON] = { .new_inode_first = true, .rename = NEW_THEN_OLD, .fuse = true },
};

/* By statfs(2)'s f_type, from the kernel's include/uapi/linux/magic.h. */
static const struct {
  uint32_t type;
  enum row row;
} table[] = {
  { 0x0000EF53, EXT },            /* ext2, ext3 and ext4 */
  { 0x58465342, XFS },
  { 0x9123683E, BTRFS },
  { 0xF2F52010, F2FS },
  { 0x794C7630, OVERLAY },
  { 0x65735546, FUSE },
  { 0x01021994, IN_MEMORY },      /* tmpfs and devtmpfs */
  { 0x858458F6, IN_MEMORY },      /* ramfs */
  { 0x00009FA0, IN_MEMORY },      /* proc */
  { 0x62656572, IN_MEMORY },      /* sysfs */
  { 0x0027E0EB, IN_MEMORY },      /* cgroup */
  { 0x63677270, IN_MEMORY },      /* cgroup2 */
  { 0x00001CD1, IN_MEMORY },      /* devpts */
  { 0x958458F6, IN_MEMORY },      /* hugetlbfs */
  { 0x19800202, IN_MEMORY },      /* mqueue */
  { 0x64626720, IN_MEMORY },      /* debugfs */
  { 0x74726163, IN_MEMORY },      /* tracefs */
  { 0x73636673, IN_MEMORY },      /* securityfs */
  { 0xF97CFF8C, IN_MEMORY },      /* selinuxfs */
  { 0x43415D53, IN_MEMORY },      /* smackfs */
  { 0x62656570, IN_MEMORY },      /* configfs */
  { 0xCAFE4A11, IN_MEMORY },      /* bpf */
  { 0x42494E4D, IN_MEMORY },      /* binfmt_misc */
  { 0x65735543, IN_MEMORY },      /* fusectl */
  { 0x67596969, IN_MEMORY },      /* rpc_pipefs */
  { 0x6E736673, IN_MEMORY },      /* nsfs */
  /* Listed only because they have no server: has_no_server. */
  { 0xDE5E81E4, ANY_OTHER },      /* efivarfs */
  { 0x6165676C, ANY_OTHER },      /* pstore */
  { 0x00004D44, ANY_OTHER },      /* vfat */
  { 0x2011BAB0, ANY_OTHER },      /* exfat */
  { 0x00009660, ANY_OTHER },      /* isofs */
  { 0x73717368, ANY_OTHER },      /* squashfs */
  { 0xE0F5E1E2, ANY_OTHER },      /* erofs */
  { 0x2FC12FC1, ANY_OTHER },      /* zfs */
  { 0xCA451A4E, ANY_OTHER },      /* bcachefs */
};
/* clang-format on */

/* For each row, the last mount that was found to belong to it.  Finding a journal costs
 * more than all else that we add to a link; and fstatfs makes xfs free removed inodes at
 * once, which delays our flush.
 *
 * A mount is identified by its unique number, which the kernel never uses again; a device
 * number is soon given to another filesystem.  Neither the filesystem of a mount nor its
 * journal changes while it is mounted.  That there is no journal is not remembered: perhaps
 * it could only not be found.
 *
 * Each row has one word, so no lock is needed: a reader sees the old number or the new
 * one.  Before Linux 6.8, or where the number does not fit into a word, nothing is
 * remembered. */
static _Atomic unsigned long mounts[ROWS];

static unsigned long mount_of(const struct sys_stat *st)
{
  unsigned long mount = st->mask & STAT_UNIQUE_MOUNT ? st->mount : 0;

  return mount == st->mount ? mount : 0;
}

static bool is_remembered(const struct sys_stat *st, enum row row)
{
  unsigned long mount = mount_of(st);

  return mount && mount == atomic_load_explicit(&mounts[row], memory_order_relaxed);
}

static const struct filesystem *remembered(const struct sys_stat *st)
{
  for (enum row row = 0; row < ROWS; row++)
    if (is_remembered(st, row))
      return &rows[row];
  return NULL;
}

static const struct filesystem *remember(const struct sys_stat *st, enum row row)
{
  unsigned long mount = mount_of(st);

  if (mount)
    atomic_store_explicit(&mounts[row], mount, memory_order_relaxed);
  return &rows[row];
}

/* The row of the overlay that holds FD, by the filesystem of its upper directory. */
static const struct filesystem *find_below_overlay(int fd, const struct sys_stat *st)
{
  static const enum row row_of[] = {
    [UPPER_UNKNOWN] = OVER_UNKNOWN,
    [UPPER_BTRFS] = OVER_BTRFS,
    [UPPER_OTHER] = OVERLAY,
    [UPPER_MAY_LACK_JOURNAL] = OVER_NO_JOURNAL,
  };
  bool certain;
  enum row row = row_of[upper_of_overlay(fd, &certain)];

  return certain ? remember(st, row) : &rows[row];
}

const struct filesystem *unknown_filesystem(void)
{
  return &rows[WITHOUT_JOURNAL];
}

static uint32_t type_of(int fd)
{
  sys_statfs fs;

  return sys_fstatfs(fd, &fs) == -1 ? 0 : (uint32_t) fs.f_type;
}

/* ROWS if it is not in the table. */
static enum row in_table(uint32_t type)
{
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (table[i].type == type)
      return table[i].row;
  return ROWS;
}

bool has_no_server(uint32_t type)
{
  enum row row = in_table(type);

  return row != ROWS && row != FUSE;
}

const struct filesystem *filesystem_by_type(int fd, const struct sys_stat *st)
{
  const struct filesystem *known = remembered(st);
  enum row row;
  uint32_t type;

  if (known)
    return known;
  type = type_of(fd);
  /* A seccomp filter refuses fstatfs. */
  if (type == 0)
    return unknown_filesystem();
  row = in_table(type);
  if (row == ROWS)
    row = ANY_OTHER;
  if (row == FUSE && fuse_passes_fsync_on(st))
    row = FUSE_PASSING_ON;
  return row == OVERLAY ? find_below_overlay(fd, st) : remember(st, row);
}

const struct filesystem *filesystem_by_journal(const struct filesystem *by_type,
                                               const struct sys_stat *st)
{
  if (by_type != &rows[EXT])
    return by_type;
  if (is_remembered(st, EXT4))
    return &rows[EXT4];
  return ext_has_journal(st) ? remember(st, EXT4) : &rows[WITHOUT_JOURNAL];
}

const struct filesystem *filesystem_of(int fd, const struct sys_stat *st)
{
  return filesystem_by_journal(filesystem_by_type(fd, st), st);
}

const struct filesystem *remembered_filesystem(const struct sys_stat *st)
{
  const struct filesystem *by_type = remembered(st);

  return by_type ? filesystem_by_journal(by_type, st) : NULL;
}
