/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir: directory changes made durable.
 *
 * Link with -lsyncdir-api for the calls below and nothing else.  Link with
 * -lsyncdir, and the C library's own open, link, rename ... of the whole
 * program are durable as well: that library has both.  Each of the two is there
 * as an archive as well, for static programs; it stands after the objects.
 *
 * THE CONTRACT, which every call below keeps; each states only what it adds.
 *
 * Effect    The C library's call of the same name, with the same arguments;
 *           and when it has succeeded, a flush of the directory that it
 *           changed.  A call that failed, or made no name, flushes nothing.
 * Order     First the call, then the flush, then the return.  Nothing is rolled
 *           back.  Before a rename or link, the bytes of the file are written.
 * Success   What the call returned.  The change survives a power cut, as far as
 *           the kernel tells us.  errno is as the call left it; descriptors are
 *           as without syncdir (open returns the lowest free one), and so are
 *           the fcntl locks on every file.
 * Failure   -1, or NULL, and errno:
 *             the call failed: nothing has changed, errno is the call's.
 *             the flush failed (EIO, ENOSPC, EDQUOT, EROFS, ESTALE ...): the
 *             change is there, and may be gone after a crash.  A second fsync
 *             may succeed without having saved it, so treat the change as not
 *             made and be ready to meet it: at least once, never lost.
 *             the bytes of a file could not be written before its rename or
 *             link (EIO, ENOSPC, EDQUOT, EROFS): nothing has changed.
 *           A flush that cannot be had (no permission, no descriptor, no fsync
 *           for directories here) is no failure: a dearer one takes its place,
 *           syncfs(2), at last sync(2), twice, which reports no errors.
 * Data      Durable are names and the inodes they lead to, and the bytes that a
 *           file has when rename or link gives it a name.  Bytes that are written
 *           later, or into a file that open made, are the caller's to fsync(2).
 * Threads   Safe; the flush takes no lock and allocates nothing.  Safe in the
 *           child of vfork.
 * Signals   Async-signal-safe where the C library's call is.
 * Cancel    The cancellation points are those of the C library's calls; the
 *           flush is none.
 * Rule      POSIX leaves it open; BSD's FFS keeps it; fsync(2) of Linux says
 *           that fsync of a file does not flush its directory entry.
 * Since     2.0, all of them.
 */
#ifndef SYNCDIR_H
#define SYNCDIR_H

#include <stdio.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct open_how; /* linux/openat2.h */

/* open: durable if the call made the file.
 *
 * Made means O_CREAT, and a regular file that was not there before: where
 * O_EXCL does not tell, an inode born more than a minute before the call was there,
 * or, with O_TRUNC, one that the path led to before it.
 * O_TMPFILE makes no name, and needs no flush until linkat.  A final symlink
 * is followed: the directory of its target is the one that changed.
 * Flush failed: the descriptor is closed, the file exists. */
int syncdir_open(const char *path, int flags, ... /* mode_t mode */);
int syncdir_open64(const char *path, int flags, ... /* mode_t mode */);
int syncdir_openat(int dirfd, const char *path, int flags, ... /* mode_t mode */);
int syncdir_openat64(int dirfd, const char *path, int flags, ... /* mode_t mode */);
int syncdir_openat2(int dirfd, const char *path, const struct open_how *how, size_t size);
int syncdir_creat(const char *path, mode_t mode);
int syncdir_creat64(const char *path, mode_t mode);

/* fopen: as open, for the modes that create (w, a).
 *
 * Flush failed: the stream is closed, the file exists.  freopen with a PATH of
 * NULL makes no name; one that fails leaves STREAM as the C library's does. */
FILE *syncdir_fopen(const char *path, const char *mode);
FILE *syncdir_fopen64(const char *path, const char *mode);
FILE *syncdir_freopen(const char *path, const char *mode, FILE *stream);
FILE *syncdir_freopen64(const char *path, const char *mode, FILE *stream);

/* link: NEWPATH is durable; so is what it leads to, if that is new.
 *
 * Flush failed: NEWPATH exists. */
int syncdir_link(const char *oldpath, const char *newpath);
int syncdir_linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, int flags);
int syncdir_symlink(const char *target, const char *path);
int syncdir_symlinkat(const char *target, int dirfd, const char *path);

/* rename: the new name is there and the old one is gone, durably.
 *
 * In one directory, one flush.  Across directories the filesystem decides on
 * which are flushed and in which order, so that no cut shows both names or
 * none; without a journal a cut in the middle may show both.
 * Flush failed: the file has its new name. */
int syncdir_rename(const char *oldpath, const char *newpath);
int syncdir_renameat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath);
int syncdir_renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath,
                      unsigned int flags);

/* unlink: PATH is gone, and does not come back.
 *
 * Flush failed: PATH is gone, and may come back. */
int syncdir_unlink(const char *path);
int syncdir_unlinkat(int dirfd, const char *path, int flags);
int syncdir_rmdir(const char *path);
int syncdir_remove(const char *path);

/* mkdir: the directory is there.  Only this one: each level of a deep path
 * that is made by its own mkdir is durable by that.
 *
 * Flush failed: the directory, or device, exists. */
int syncdir_mkdir(const char *path, mode_t mode);
int syncdir_mkdirat(int dirfd, const char *path, mode_t mode);
int syncdir_mknod(const char *path, mode_t mode, dev_t device);
int syncdir_mknodat(int dirfd, const char *path, mode_t mode, dev_t device);
int syncdir_mkfifo(const char *path, mode_t mode);
int syncdir_mkfifoat(int dirfd, const char *path, mode_t mode);

/* mkstemp: the new file, or directory, has its durable name in NAME_TEMPLATE.
 *
 * Flush failed: the descriptor is closed; the file exists, and NAME_TEMPLATE
 * keeps its name. */
int syncdir_mkstemp(char *name_template);
int syncdir_mkstemp64(char *name_template);
int syncdir_mkostemp(char *name_template, int flags);
int syncdir_mkostemp64(char *name_template, int flags);
int syncdir_mkstemps(char *name_template, int suffix_length);
int syncdir_mkstemps64(char *name_template, int suffix_length);
int syncdir_mkostemps(char *name_template, int suffix_length, int flags);
int syncdir_mkostemps64(char *name_template, int suffix_length, int flags);
char *syncdir_mkdtemp(char *name_template);

/* syncdir_sync_parent: makes durable a name that is already there, whoever
 * made it.
 *
 * PATH is relative to DIRFD (AT_FDCWD: to the current directory).  A final
 * symlink is the name that is meant, and is not followed.
 * Returns 0; or -1 and errno: ENOENT, EACCES, EFAULT ... there is no such name,
 * or it cannot be reached, and nothing was flushed; EIO and its kin, the flush
 * failed. */
int syncdir_sync_parent(int dirfd, const char *path);

/* fsync: the C library's, as it is.  The file is remembered: its bytes are not
 * written again before a rename or link, as long as it has not changed. */
int syncdir_fsync(int fd);
int syncdir_fdatasync(int fd);

/* syncdir_hold, syncdir_release: one flush for many changes.
 *
 * From syncdir_hold on, what this thread changes by any call above, or by a call of
 * the C library that syncdir wraps, need not be durable when the call returns;
 * syncdir_release makes all of it durable.  In between the caller tells nobody.  They
 * nest: the last release flushes.  Other threads are not concerned, and a child of
 * fork does not hold.
 *
 * A power cut before the release may leave any of the changes and not the others; the
 * bytes of a file are still written before a rename or link.
 * syncdir_hold: 0; or -1 and EAGAIN (32 threads hold already) or ENOSYS (no /proc), and
 * every change is flushed at its call, as ever.
 * syncdir_release: 0; or -1 and errno: EINVAL, this thread does not hold; else a flush
 * failed, and any of the changes may be gone after a crash.
 * A thread that ends without a release leaves its changes unflushed.  Until the release
 * a descriptor is open, with a number of 100 or more and closed on exec, for each
 * filesystem that has changed; what is changed on a fifth one is flushed at its call. */
int syncdir_hold(void);
int syncdir_release(void);

/* syncdir_version: the version of the library that is loaded, "2.0.0".  The
 * text is constant.  Never fails. */
const char *syncdir_version(void);

#ifdef __cplusplus
}
#endif

#endif
