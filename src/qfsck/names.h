/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of one file, where it has more than one. */
#ifndef QFSCK_NAMES_H
#define QFSCK_NAMES_H

#include "context.h"

struct group {
  struct check *check;
  struct name *names;
  size_t count;
  unsigned long outside; /* names that are not in the queue */
  const struct name *keeper;
};

/* By inode, kind and path; and the owner of each. */
void sort_names(struct scan *scan);

/* In a queue at work names have gone since they were read. */
void look_again(struct group *group);

/* It is several messages', and the names were not made by link(2) since the file was written: a crash has left one
 * that had been removed, the inode was used again, and the filesystem's fsck has counted
 * both. */
bool was_joined_by_fsck(const struct group *group);

#endif
