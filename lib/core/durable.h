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
#include <stdio.h>

/* link, symlink, mknod and their kin made the name PATH; unlink, rmdir and theirs
 * removed it. */
int durable_name(const char *call, int dirfd, const char *path);

/* mkdir and its kin made the directory PATH. */
int durable_directory(const char *call, int dirfd, const char *path);

/* rename and its kin, with renameat2's FLAGS, changed both parents. */
int durable_rename(const char *call, int olddirfd, const char *oldpath,
                   int newdirfd, const char *newpath, unsigned int flags);

/* Whether an open with FLAGS may make a name.  O_PATH makes the kernel overlook
 * O_CREAT; O_TMPFILE and O_CREAT together are EINVAL. */
static inline bool makes_name(int flags)
{
  return (flags & (O_CREAT | O_PATH)) == O_CREAT;
}

/* open and its kin returned FD for PATH with FLAGS, which may have made it.
 * Returns FD; or -1, and FD is closed. */
int durable_or_close(const char *call, int fd, int dirfd, const char *path, int flags);

/* The same, where FD may be -1 and FLAGS any: most calls of open make nothing,
 * and go no further than this. */
static inline int durable_open(const char *call, int fd, int dirfd, const char *path,
                               int flags)
{
  return !makes_name(flags) || fd == -1 ? fd : durable_or_close(call, fd, dirfd, path, flags);
}

/* fopen and its kin returned STREAM for PATH with MODE: the same.  STREAM is NULL
 * where they failed.  Returns STREAM; or NULL, and STREAM is closed. */
FILE *durable_fopen(const char *call, FILE *stream, const char *path, const char *mode);

/* What durable_fopen does, but leaves STREAM open.  Returns 0 or -1. */
int durable_stream(const char *call, FILE *stream, const char *path, const char *mode);

#endif
