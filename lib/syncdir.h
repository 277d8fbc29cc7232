/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir: directory changes made durable.
 *
 * Link with -lsyncdir-api for the calls below and nothing else.  Link with
 * -lsyncdir, which has the calls below too, to make the C library's own open,
 * link, rename ... durable in the whole program.  Each of the two is also
 * an archive, for static programs; on the command line it follows the objects.
 *
 * THE CONTRACT holds for every call below; each states only what it adds.
 *
 * Effect    The C library's call of the same name, with the same arguments; and
 *           if it succeeds, a flush of the directory that it changed.  A call
 *           that fails, or makes no name, flushes nothing.
 * Order     First the call, then the flush, then the return.  Nothing is rolled
 *           back.  Before a rename or link, the bytes of the file are written.
 * Success   Returns what the call returned.  The change survives a power cut, as
 *           far as the kernel tells us.  errno is as the call left it.  File
 *           descriptors are as without syncdir (open returns the lowest free
 *           one), and so are the fcntl locks on every file.
 * Failure   Returns -1, or NULL, and sets errno, for one of three reasons:
 *             the call failed: nothing has changed, errno is the call's.
 *             the flush failed (EIO, ENOSPC, EDQUOT, EROFS, ESTALE ...): the
 *             change is there, and may be gone after a crash.  A second fsync
 *             may succeed without having saved it, so treat the change as not
 *             made, and expect to find it later: at least once, never lost.
 *             the bytes of a file could not be written before its rename or
 *             link (EIO, ENOSPC, EDQUOT, EROFS): nothing has changed.
 *           If the directory cannot be flushed itself (no permission, no free
 *           descriptor, a filesystem without fsync of directories), that is no
 *           failure: a costlier flush takes its place, syncfs(2), or at last
 *           sync(2), called twice, which reports no errors.
 * Data      Names are durable, and so are the inodes they lead to, and the bytes
 *           that a file has when rename or link gives it a name.  The caller must
 *           fsync(2) bytes that it writes later, or into a file that open made.
 * Threads   Safe; the flush takes no lock and allocates nothing.  Safe in the
 *           child of vfork.
 * Signals   Async-signal-safe if the C library's call is.
 * Cancel    The cancellation points are those of the C library's calls; the
 *           flush adds none.
 * Rule      POSIX does not say whether a change is durable when the call
 *           returns; on BSD's FFS it is; on Linux, says fsync(2), not even
 *           fsync of the file flushes its directory entry.
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
 * That is: with O_CREAT, if the file is regular and was not there before the call.
 * Without O_EXCL, a file counts as there before if it was born more than a minute
 * before the call; or, with O_TRUNC, if the path led to it before the call.
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
 * In one directory, one flush.  Across directories it depends on the filesystem
 * which of them are flushed, and in which order, so that no power cut shows both
 * names or none; without a journal a cut in the middle may show both.
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

/* mkdir: the directory is there, durably.  Only this one: each level of a deep
 * path needs its own mkdir, which makes it durable.
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
 * symlink is not followed: the symlink's own name is made durable.
 * Returns 0; or -1 and errno.  ENOENT, EACCES, EFAULT ...: there is no such name,
 * or it cannot be reached, and nothing was flushed.  EIO, ENOSPC ...: the flush
 * failed. */
int syncdir_sync_parent(int dirfd, const char *path);

/* fsync: the C library's, unchanged.  The file is remembered: its bytes are not
 * written again before a rename or link, as long as it has not changed. */
int syncdir_fsync(int fd);
int syncdir_fdatasync(int fd);

/* syncdir_hold, syncdir_release: one flush for many changes.
 *
 * From syncdir_hold on, what this thread changes by any call above, or by a call of
 * the C library that syncdir wraps, need not be durable when the call returns;
 * syncdir_release makes all of it durable.  In between, the caller must not tell
 * anybody that the changes are made.  Holds nest: the last release flushes.  Other
 * threads are not affected, and a child of fork does not hold.
 *
 * A power cut before the release may leave any of the changes and not the others; the
 * bytes of a file are still written before a rename or link.
 * syncdir_hold returns 0; or -1 and EAGAIN (32 threads hold already) or ENOSYS (no
 * /proc): then every change is flushed at its call, as usual.
 * syncdir_release returns 0; or -1 and errno.  EINVAL: this thread does not hold.  Any
 * other: a flush failed, and any of the changes may be gone after a crash.
 * If a thread ends without a release, its changes are not flushed.  Until the release
 * one descriptor is open for each filesystem that was changed, up to four; its number is
 * 100 or more, and it is closed on exec.  On a fifth filesystem every change is flushed
 * at its call. */
int syncdir_hold(void);
int syncdir_release(void);

/* syncdir_version: the version of the library that is loaded, as "2.0.0".  The
 * text is constant.  Never fails. */
const char *syncdir_version(void);

#ifdef __cplusplus
}
#endif

#endif
