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
int durable_rename(const char *call, int olddirfd, const char *oldpath,
                   int newdirfd, const char *newpath, unsigned int flags, bool others);

/* Whether an open with FLAGS may make a name.  O_PATH makes the kernel overlook
 * O_CREAT; O_TMPFILE and O_CREAT together are EINVAL. */
static inline bool makes_name(int flags)
{
  return (flags & (O_CREAT | O_PATH)) == O_CREAT;
}

/* The kernel's clock less a minute, in seconds; 0 if it is unknown.  errno is left
 * alone. */
int64_t a_minute_ago(void);

/* The earliest birth of a file that open with FLAGS makes, if it is called now: the
 * clock, less a minute.  0 if that is unknown, or not needed: without O_EXCL the call
 * may find a file that is there, and only the clock as it was before the call tells
 * one from the other, for the program may stand still inside it for any time. */
static inline int64_t earliest_birth(int flags)
{
  return makes_name(flags) && !(flags & O_EXCL) ? a_minute_ago() : 0;
}

/* open and its kin, with FLAGS, returned FD for PATH, and may have made it; a file
 * born before EARLIEST was there. */
int durable_file(const char *call, int fd, int dirfd, const char *path, int flags,
                 int64_t earliest);

/* The same; returns FD, or -1, and FD is closed. */
int durable_or_close(const char *call, int fd, int dirfd, const char *path, int flags,
                     int64_t earliest);

/* The same, where FD may be -1 and FLAGS any: most calls of open make nothing, and
 * go no further than this. */
static inline int durable_open(const char *call, int fd, int dirfd, const char *path,
                               int flags, int64_t earliest)
{
  return !makes_name(flags) || fd == -1 ? fd
    : durable_or_close(call, fd, dirfd, path, flags, earliest);
}

/* O_CREAT for fopen's modes w and a, with O_EXCL for x; else 0. */
int creation_flags_of_mode(const char *mode);

/* fopen and its kin returned STREAM for PATH with MODE: the same.  STREAM is NULL
 * where they failed.  Returns STREAM; or NULL, and STREAM is closed. */
FILE *durable_fopen(const char *call, FILE *stream, const char *path, const char *mode,
                    int64_t earliest);

/* What durable_fopen does, but leaves STREAM open.  Returns 0 or -1. */
int durable_stream(const char *call, FILE *stream, const char *path, const char *mode,
                   int64_t earliest);

#endif
