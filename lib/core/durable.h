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

/* The name PATH was there before. */
int durable_found(const char *call, int dirfd, const char *path);

/* Asked before the call: whether the file that is about to lose its name PATH has
 * others, which SYNCDIR_ONLY may have kept from being flushed.  A hint; false without a
 * look where everything is flushed.  Leaves errno alone. */
bool has_other_names(int dirfd, const char *path);

/* unlink, rmdir and their kin removed the name PATH of what has OTHERS. */
int durable_removal(const char *call, int dirfd, const char *path, bool others);

/* mkdir and its kin made the directory PATH. */
int durable_directory(const char *call, int dirfd, const char *path);

/* rename and its kin, with renameat2's FLAGS, changed both parents; what NEWPATH led
 * to has OTHERS. */
int durable_rename(const char *call, int olddirfd, const char *oldpath, int newdirfd,
                   const char *newpath, unsigned int flags, bool others);

/* Whether an open with FLAGS may make a name.  O_PATH makes the kernel overlook
 * O_CREAT; O_TMPFILE and O_CREAT together are EINVAL. */
static inline bool makes_name(int flags)
{
  return (flags & (O_CREAT | O_PATH)) == O_CREAT;
}

/* Which inode, and when it was born: no two ever agree in all of it. */
struct birth {
  uint64_t inode;
  uint32_t major, minor;
  int64_t seconds, nanoseconds; /* both 0: unknown */
};

/* What was seen before an open that makes a file or finds one.  Only that tells one from
 * the other, for the program may stand still inside the call for any time. */
struct before {
  int64_t earliest;   /* what the call makes is not born before this second; 0: unknown */
  struct birth found; /* the file that the path led to */
};

/* All zero without a call that may do either.  errno is left alone. */
struct before look_before_open(int dirfd, const char *path, int flags);

static inline struct before before_open(int dirfd, const char *path, int flags)
{
  return makes_name(flags) && !(flags & O_EXCL) ? look_before_open(dirfd, path, flags)
                                                : (struct before) { 0 };
}

/* open and its kin, with FLAGS, returned FD for PATH, and may have made it, unless BEFORE
 * tells that it was there.  NULL: nothing was seen, and it is taken for made. */
int durable_file(const char *call, int fd, int dirfd, const char *path, int flags,
                 const struct before *before);

/* The same; returns FD, or -1, and FD is closed. */
int durable_or_close(const char *call, int fd, int dirfd, const char *path, int flags,
                     const struct before *before);

/* The same, where FD may be -1 and FLAGS any: most calls of open make nothing, and
 * go no further than this. */
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
