/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory in which a name was changed, looked at before it is opened. */
#ifndef SYNCDIR_PLACE_H
#define SYNCDIR_PLACE_H

#include "core/filesystem.h"

struct place {
  int error;   /* 0, or the errno of a look that failed */
  bool wanted; /* false: nothing is flushed, and the rest is unknown */
  const struct filesystem *needs;
  struct sys_stat st; /* all zero where statx said nothing */
};

/* Looks at the directory that holds PATH.  inotify(7) and fanotify(7) do not see that, as
 * they see an open to flush it.  After an error, what is enough everywhere is wanted. */
struct place look_at_parent(int dirfd, const char *path);

#endif
