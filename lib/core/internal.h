/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every file of api and wrap includes: the next function, and what makes its
 * change durable. */
#ifndef SYNCDIR_INTERNAL_H
#define SYNCDIR_INTERNAL_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/durable.h"
#include "core/hidden_names.h"
#include "core/mode.h"
#include "core/next.h"
#include "syncdir.h"

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE (1 << 1)
#endif

#define EXPORT __attribute__((visibility("default")))

<<<<<<< HEAD
=======
/* Each write_before_* is called before CALL, with CALL's own arguments, and writes the
 * bytes of the file that is about to get a name.  Returns 0, with errno as it was; or
 * -1 and EIO, ENOSPC, EDQUOT or EROFS, and then the name must not be made. */

int write_before_rename(const char *call, int olddirfd, const char *oldpath,
                        int newdirfd, const char *newpath, unsigned int flags);
int write_before_link(const char *call, int olddirfd, const char *oldpath,
                      int newdirfd, const char *newpath, int flags);

/* Each flush_* is called after CALL has succeeded, with CALL's own paths, and
 * makes what it changed durable.  Returns 0, with errno as it was, or -1 with
 * the errno of the flush.  CALL names the caller in the trace. */

/* link, symlink, mknod and their kin made the name PATH; unlink, rmdir and theirs
 * removed it. */
int flush_name(const char *call, int dirfd, const char *path);

/* mkdir and its kin made the directory PATH. */
int flush_new_directory(const char *call, int dirfd, const char *path);

/* rename and its kin, with renameat2's FLAGS, changed both parents. */
int flush_renamed(const char *call, int olddirfd, const char *oldpath,
                  int newdirfd, const char *newpath, unsigned int flags);

/* Whether an open with FLAGS may make a name.  O_PATH makes the kernel overlook
 * O_CREAT; O_TMPFILE and O_CREAT together are EINVAL. */
static inline bool makes_name(int flags)
{
  return (flags & (O_CREAT | O_PATH)) == O_CREAT;
}

/* open and its kin returned FD for PATH with FLAGS, which may have made it.
 * Returns FD; or -1, and FD is closed. */
int flush_or_close(const char *call, int fd, int dirfd, const char *path, int flags);

/* The same, where FD may be -1 and FLAGS any: most calls of open make nothing,
 * and go no further than this. */
static inline int flush_opened(const char *call, int fd, int dirfd, const char *path,
                               int flags)
{
  return !makes_name(flags) || fd == -1 ? fd : flush_or_close(call, fd, dirfd, path, flags);
}

/* fopen and its kin returned STREAM for PATH with MODE: the same.  STREAM is NULL
 * where they failed.  Returns STREAM; or NULL, and STREAM is closed. */
FILE *flush_fopened(const char *call, FILE *stream, const char *path, const char *mode);

/* What flush_fopened does, but leaves STREAM open.  Returns 0 or -1. */
int flush_stream(const char *call, FILE *stream, const char *path, const char *mode);

>>>>>>> f67086e (core/bytes: the bytes of a file are written before it gets a name)
#endif
