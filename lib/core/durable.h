/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What api and wrap ask of core: one function for each kind of change.
 *
 * Each is called after CALL has succeeded, with CALL's own paths, and makes what
 * it changed durable.  Returns 0, with errno as it was, or -1 with the errno of
 * the flush.  CALL names the caller in the trace. */
#ifndef SYNCDIR_DURABLE_H
#define SYNCDIR_DURABLE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* link, symlink, mknod and their kin made the name PATH. */
int durable_name(const char *call, int dirfd, const char *path);

/* The name PATH was there before, and whoever made it may not have flushed it. */
int durable_found(const char *call, int dirfd, const char *path);

/* Asked before the call: whether the file that is about to lose its name PATH has other
 * names, which may not have been flushed because of SYNCDIR_ONLY.  A hint; false, without
 * a look, if everything is flushed.  Leaves errno alone. */
bool has_other_names(int dirfd, const char *path);

/* unlink, rmdir and their kin removed the name PATH of what has OTHERS. */
int durable_removal(const char *call, int dirfd, const char *path, bool others);

/* mkdir and its kin made the directory PATH. */
int durable_directory(const char *call, int dirfd, const char *path);

/* rename and its kin, with renameat2's FLAGS, changed both parents; what NEWPATH led
 * to has OTHERS. */
int durable_rename(const char *call, int olddirfd, const char *oldpath, int newdirfd,
                   const char *newpath, unsigned int flags, bool others);

/* Whether an open with FLAGS may make a name.  With O_PATH the kernel ignores O_CREAT;
 * O_TMPFILE and O_CREAT together are EINVAL. */
static inline bool makes_name(int flags)
{
  return (flags & (O_CREAT | O_PATH)) == O_CREAT;
}

/* Which inode, and when it was born: never the same for two files. */
struct birth {
  uint64_t inode;
  uint32_t major, minor;
  int64_t seconds, nanoseconds; /* both 0: unknown */
};

/* What was seen before an open that either makes a file or finds one.  Nothing else tells
 * which of the two it did: a clock that is read after the call does not, since the program
 * may be stopped inside the call for any time. */
struct before {
  int64_t earliest;   /* what the call makes is not born before this second; 0: unknown */
  struct birth found; /* the file that the path led to */
};

/* errno is left alone. */
struct before look_before_open(int dirfd, const char *path, int flags);

static inline struct before before_open(int dirfd, const char *path, int flags)
{
  return makes_name(flags) && !(flags & O_EXCL) ? look_before_open(dirfd, path, flags)
                                                : (struct before) { 0 };
}

/* open and its kin, with FLAGS, returned FD for PATH, and may have made it, unless BEFORE
 * tells that it was there.  BEFORE is NULL if nobody looked: the file counts as made. */
int durable_file(const char *call, int fd, int dirfd, const char *path, int flags,
                 const struct before *before);

/* The same; returns FD, or -1 after closing FD. */
int durable_or_close(const char *call, int fd, int dirfd, const char *path, int flags,
                     const struct before *before);

/* The same for any FD, -1 too, and any FLAGS.  Most calls of open make nothing, and go no
 * further than this. */
static inline int durable_open(const char *call, int fd, int dirfd, const char *path, int flags,
                               const struct before *before)
{
  return !makes_name(flags) || fd == -1 ? fd
                                        : durable_or_close(call, fd, dirfd, path, flags, before);
}

/* O_CREAT for fopen's modes w and a, with O_TRUNC for w and O_EXCL for x; else 0. */
int creation_flags_of_mode(const char *mode);

/* fopen and its kin returned STREAM for PATH with MODE: the same.  STREAM is NULL
 * where they failed.  Returns STREAM; or NULL, and STREAM is closed. */
FILE *durable_fopen(const char *call, FILE *stream, const char *path, const char *mode,
                    const struct before *before);

/* What durable_fopen does, but leaves STREAM open.  Returns 0 or -1. */
int durable_stream(const char *call, FILE *stream, const char *path, const char *mode,
                   const struct before *before);

#endif
