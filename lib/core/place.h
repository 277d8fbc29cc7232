/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory in which a name was changed, looked at before it is opened. */
#ifndef SYNCDIR_PLACE_H
#define SYNCDIR_PLACE_H

#include "core/filesystem.h"

struct place {
  int error;   /* 0, or the errno of a look that failed */
  bool wanted; /* false: nothing is flushed, and the rest is unknown */
  const struct filesystem *needs;
  struct sys_stat st; /* all zero if statx failed */
};

/* Looks at the directory that holds PATH, in a way that inotify(7) and fanotify(7) do not
 * report, unlike the open for a flush.  After an error it is wanted, and needs what is
 * enough for any filesystem. */
struct place look_at_parent(int dirfd, const char *path);

#endif
