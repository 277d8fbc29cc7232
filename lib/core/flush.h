/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One flush, and what to do instead where it does not work. */
#ifndef SYNCDIR_FLUSH_H
#define SYNCDIR_FLUSH_H

#include <errno.h>

#include "core/filesystem.h"

/* No descriptor. */
enum { NONE = -1 };

struct before;

/* What a call changed, for the ladder and for the trace. */
struct change {
  const char *call;
  int dirfd;                   /* PATH is relative to it */
  const char *path;            /* the name that was made or removed */
  const struct before *before; /* of an open, unless nobody looked */
  int file;                    /* the caller's descriptor of the new file, or NONE */
  bool new_directory;          /* what was made is a directory */
  bool removed;                /* PATH is no name any more */
  bool others;                 /* what was removed has other names */
  bool found;                  /* the name was there before: nothing changed */
};

/* Each returns 0, or -1 and errno. */

/* fsync of the open directory, as its filesystem NEEDS it; the ladder where fsync is not
 * for directories. */
int flush_directory(const struct change *change, const struct filesystem *needs, int directory);

/* One fsync of a directory that the flush before it is believed to have written as
 * well; or the ladder. */
int flush_directory_once(const struct change *change, int directory);

/* fsync of the new file or directory INODE, which lies in DIRECTORY. */
int flush_inode(const struct change *change, int inode, int directory);

/* syncfs of the filesystem of FD, or the next rung of the ladder. */
int flush_by_syncfs(const struct change *change, int fd);

/* The same, then fsync of FD itself. */
int flush_by_syncfs_and_fsync(const struct change *change, int fd);

/* The last rung: sync(2), which needs no descriptor and reports no errors.  WHY is the
 * errno to return if a filter refuses it. */
int flush_everything(const struct change *change, int why);

/* The directory could not be opened, for the reason in errno.  FD is a
 * descriptor on its filesystem, or NONE.  Climbs down the ladder if the reason
 * allows it. */
int flush_unopened(const struct change *change, int fd);

/* RESULT; with errno as the program's call left it, SAVED, unless RESULT is a
 * failure. */
static inline int with_errno(int saved, int result)
{
  if (result == 0)
    errno = saved;
  return result;
}

/* RESULT of a flush; but 0 where what was flushed has been removed since. */
static inline int or_removed(const struct filesystem *needs, int result)
{
  return result == -1 && errno == ENOENT && needs->fuse ? 0 : result;
}

#endif
