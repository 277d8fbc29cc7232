/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the open batch has pending: where it belongs, and what has changed last. */
#ifndef SYNCDIR_PENDING_H
#define SYNCDIR_PENDING_H

#include <stdbool.h>
#include <stdint.h>

struct sys_stat;

/* The filesystem has one ordered journal, so that the fsync of what has changed last takes
 * along all that came before it: one descriptor is enough.  It is in the program's table,
 * where no call can meet it unseen: each ends the batch first. */
struct pending {
  int descriptor;        /* of what has changed last */
  uint64_t inode;        /* of what that leads to; 0: not looked at */
  uint32_t major, minor; /* of the filesystem */
  uint64_t mount;        /* where the batch began; 0 where mounts have no unique numbers */
};

extern struct pending pending __attribute__((visibility("hidden")));

/* Whether FD is a descriptor of the batch: the program does not know of it. */
bool is_pending_descriptor(int fd);

/* Whether ST lies on the filesystem of the batch. */
bool is_on_its_filesystem(const struct sys_stat *st);

/* Whether ST lies on the mount where the batch began, and is not where that is mounted. */
bool is_inside_its_mount(const struct sys_stat *st);

/* The next flush is of FD's file, which has changed last. */
bool flush_next(int fd);

#endif
