/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the auditor has to know of a filesystem. */
#ifndef SYNCDIR_AUDIT_FILESYSTEM_H
#define SYNCDIR_AUDIT_FILESYSTEM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct filesystem {
  dev_t device;
  bool in_memory;      /* nothing in it survives anything: tmpfs, proc ... */
  bool bytes_by_range; /* sync_file_range(2) of a whole file and the next flush of any
                              make its bytes durable: xfs, and ext3 and ext4 with a journal */
  bool may_lose_names; /* although their directory was fsynced: ext2, ext4 without a journal;
                              and behind FUSE nobody knows what the server does */
  bool stores_seen;    /* a store into a mapping sets the time of the file's last change at
                              once; others do that when they write it back */
  bool synchronous;    /* mounted with sync or dirsync: names are durable at once */
  uint64_t flushed;    /* the moment before the last fsync of anything here */
};

/* The filesystem of the file PATH, whose device is DEVICE. */
struct filesystem *filesystem_of(const char *path, dev_t device);

/* Whether the directory PATH has the attribute D or S of chattr(1). */
bool is_synchronous(const char *path);

/* The number of the mount that PATH leads to, the same on all subvolumes of btrfs; 0 if
 * the kernel does not tell. */
uint64_t mount_of(const char *path);

#endif
