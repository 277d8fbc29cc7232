/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one change of an open directory has to flush, by its filesystem's row
 * of the table. */
#ifndef SYNCDIR_CHANGE_H
#define SYNCDIR_CHANGE_H

#include "core/flush.h"

/* Flushes the new inode, as far as that can be had. */
typedef int inode_flush(const struct change *change, int parent);

inode_flush flush_new_file, flush_no_inode;

/* What must be flushed before PARENT, then PARENT. */
int flush_below(const struct change *change, const struct filesystem *needs, int parent,
                inode_flush *flush_new_inode);

#endif
