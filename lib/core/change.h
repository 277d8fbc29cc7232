/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one change of an open directory has to flush, by its filesystem's row
 * of the table. */
#ifndef SYNCDIR_CHANGE_H
#define SYNCDIR_CHANGE_H

#include "core/flush.h"

/* Flushes the inode of the name where the parent's fsync would not write it. */
typedef int inode_flush(const struct change *change, const struct filesystem *needs,
                      int parent);

inode_flush flush_inode_of_name, flush_inode_of_file, flush_inode_of_directory;

/* The inode, then PARENT. */
int flush_below(const struct change *change, const struct filesystem *needs, int parent,
                inode_flush *flush_first);

#endif
