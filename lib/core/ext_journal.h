/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs and procfs tell of the ext2, ext3 and ext4 of this machine. */
#ifndef SYNCDIR_EXT_JOURNAL_H
#define SYNCDIR_EXT_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/sys.h"

/* The name that sysfs, jbd2 and ext4 give to the block device below a directory of an ext.
 * False where it cannot be found out. */
bool block_device_name(const struct sys_stat *directory, char *name, size_t size);

/* In units of 512 bytes; 0 if it cannot be known. */
unsigned long long size_of_device(const char *device);

/* Whether the ext on the device of this name has a journal. */
bool has_journal_thread(const char *device);

/* Whether the ext that holds a directory has a journal.  If nothing can tell, assume none. */
bool ext_has_journal(const struct sys_stat *directory);

/* Whether IS_IT is true for the device of any ext that is mounted on this machine, whoever has
 * mounted it: 1 or 0; -1 if they are not listed.  The driver of ext2 alone, which most kernels
 * have not, does not list its own. */
int any_ext(bool (*is_it)(const char *device, void *data), void *data);

#endif
