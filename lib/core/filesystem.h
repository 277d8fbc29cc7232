/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each filesystem needs, so that a change of a directory is durable. */
#ifndef SYNCDIR_FILESYSTEM_H
#define SYNCDIR_FILESYSTEM_H

#include <stdbool.h>

#include "core/sys.h"

struct filesystem {
  /* Nothing to flush: held in memory, or no files at all. */
  bool in_memory;

  /* syncfs before the fsync of the parent: alone, that fsync does not write the new inode,
   * and does not wait for blocks that another program's fsync has begun to write; an fsync
   * of the new file would not wait for those blocks either.  A removal needs the syncfs as well: the next file may get
   * the removed inode, and after a power cut the old name would lead to that file. */
  bool syncfs_first;

  /* fsync of the parent may not write the new inode.  It is flushed first where we have a
   * descriptor of it, or may open it. */
  bool new_inode_first;

  /* fsync of the parent may write nothing at all, but fsync of a file writes its names:
   * after a link or rename the file is flushed first. */
  bool named_file_first;

  /* The filesystem is a FUSE server's.  The kernel does not tell it of syncfs, and a
   * server that finds its files by name answers ENOENT for one that has been removed. */
  bool fuse;

  /* What a rename from one directory to another flushes. */
  enum rename_order { NEW_ALONE, OLD_THEN_NEW, NEW_THEN_OLD } rename;

  /* fsync of a directory may return 0 without having flushed anything, while another
   * program's fsync of it is under way. */
  bool fsync_may_skip;

  /* fsync of a directory from which a file's name was removed does not write a name that
   * the file got in another directory: a power cut may leave the file without any name. */
  bool forgets_other_names;

  /* sync_file_range writes the bytes of a file, and what leads to them is in the
   * journal by then. */
  bool range_writes_bytes;

  /* A file of the lower directory may be copied up by a clone, as a link or rename does,
   * and nothing flushes its bytes then. */
  bool copies_up_by_clone;

  /* fsync of a directory returns 0 even if the filesystem has shut down and dropped the
   * change; statx returns EIO then. */
  bool fsync_hides_shutdown;

  /* One journal holds all changes and commits them in the order in which they were made,
   * so that all earlier changes are durable when a later one is.  With fast_commit ext4
   * does not keep that order. */
  bool one_journal, may_commit_fast;

  /* statx tells when an inode was born, by this kernel's own clock. */
  bool believe_birth;
};

/* The filesystem of an open file or directory FD, whose statx is ST, all zero if statx
 * failed. */
const struct filesystem *filesystem_of(int fd, const struct sys_stat *st);

/* The same in two steps.  The second costs up to three system calls on ext4, so a caller
 * leaves it out if all it needs is the same with and without a journal. */
const struct filesystem *filesystem_by_type(int fd, const struct sys_stat *st);
const struct filesystem *filesystem_by_journal(const struct filesystem *by_type,
                                               const struct sys_stat *st);

/* The filesystem of what has the statx ST, if its mount is remembered; else NULL. */
const struct filesystem *remembered_filesystem(const struct sys_stat *st);

/* Whether a filesystem with this TYPE in statfs(2) is certainly no server's, of this machine
 * or another. */
bool has_no_server(uint32_t type);

/* What is enough for any filesystem. */
const struct filesystem *unknown_filesystem(void);

#endif
