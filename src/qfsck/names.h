/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of a file that has more than one. */
#ifndef QFSCK_NAMES_H
#define QFSCK_NAMES_H

#include "context.h"

struct group {
  struct check *check;
  struct name *names;
  size_t count;
  unsigned long outside; /* how many names are not in the queue */
  const struct name *keeper;
};

/* Sorts the names by inode, kind and path, and finds the owner of each. */
void sort_names(struct scan *scan);

/* Drops the names that have gone since they were read, as they do in a queue in use. */
void look_again(struct group *group);

/* Whether the file belongs to several messages although link(2) has not been called since it
 * was written.  Then a crash has left a name that had been removed, the inode was used again,
 * and the filesystem's fsck has counted both names. */
bool was_joined_by_fsck(const struct group *group);

#endif
