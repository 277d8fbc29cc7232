/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each filesystem needs, so that a change of a directory is durable. */
#ifndef SYNCDIR_FILESYSTEM_H
#define SYNCDIR_FILESYSTEM_H

#include <stdbool.h>

#include "core/sys.h"

struct filesystem {
  /* Nothing to flush: held in memory, or no files at all. */
  bool in_memory;

  /* fsync of the parent writes neither the new inode nor what somebody else's
   * fsync of it has begun to write: syncfs first.  Not fsync of the new file: it
   * does not wait for the parent's blocks either.  What was removed as well: the
   * next file may get its inode, and would come back as the old one. */
  bool syncfs_first;

  /* fsync of the parent may not write the new inode: flush it first, where there
   * is a descriptor of it, or it may be opened. */
  bool new_inode_first;

  /* What a rename from one directory to another flushes. */
  enum rename_order { NEW_ALONE, OLD_THEN_NEW, NEW_THEN_OLD } rename;

  /* fsync of a directory may return 0 with nothing flushed, while somebody else's
   * fsync of it is under way. */
  bool fsync_may_skip;

  /* The flush of a directory that has lost a name of an inode may leave it without one:
   * it does not write a name that the inode was given elsewhere. */
  bool forgets_other_names;

  /* sync_file_range writes the bytes of a file, and what leads to them is in the
   * journal by then. */
  bool range_writes_bytes;

  /* fsync of a directory answers 0 although the filesystem has shut down in
   * between and dropped the change; statx says EIO. */
  bool fsync_hides_shutdown;

  /* One journal holds all changes, and commits them in the order in which they were
   * made: whatever makes a later one durable has made all earlier ones.  ext4's
   * fast_commit does not keep to it. */
  bool one_journal, may_commit_fast;

  /* The time of an inode's birth is there, and from this kernel's own clock. */
  bool believe_birth;
};

/* The filesystem of an open file or directory, of which statx said ST; all zero
 * where it said nothing. */
const struct filesystem *filesystem_of(int fd, const struct sys_stat *st);

/* The same in two steps.  Its type alone is enough where a journal makes no
 * difference, for up to three system calls less on ext4; then its journal. */
const struct filesystem *filesystem_by_type(int fd, const struct sys_stat *st);
const struct filesystem *filesystem_by_journal(const struct filesystem *by_type,
                                               const struct sys_stat *st);

/* The name that sysfs, jbd2 and ext4 give to the block device below a directory.
 * False where it cannot be found out. */
bool block_device_name(const struct sys_stat *directory, char *name, size_t size);

#endif
