/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an ext2, ext3 or ext4 has a journal. */
#ifndef SYNCDIR_EXT_JOURNAL_H
#define SYNCDIR_EXT_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/sys.h"

/* Whether the ext2, ext3 or ext4 that holds the directory has a journal.  False as well
 * if that cannot be known. */
bool ext_has_journal(const struct sys_stat *directory);

/* The same for the filesystem on the device of this name. */
bool has_journal_thread(const char *device);

/* The name that sysfs, jbd2 and ext4 give to the block device below a directory.
 * False if that cannot be known. */
bool block_device_name(const struct sys_stat *directory, char *name, size_t size);

#endif
