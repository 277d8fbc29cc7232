/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the bytes of a file that is about to get a name.
 *
 * Each function is called before CALL, with CALL's own arguments.  If these are wrong, CALL
 * will fail, and not we.  Returns 0, with errno as it was; or -1 and EIO, ENOSPC, EDQUOT or
 * EROFS, and then the name must not be made. */
#ifndef SYNCDIR_BYTES_H
#define SYNCDIR_BYTES_H

#include "core/sys.h"

/* rename and its kin, with renameat2's FLAGS. */
int write_before_rename(const char *call, int olddirfd, const char *oldpath, int newdirfd,
                        const char *newpath, unsigned int flags);

/* link and its kin, with linkat's FLAGS. */
int write_before_link(const char *call, int olddirfd, const char *oldpath, int newdirfd,
                      const char *newpath, int flags);

/* The program flushes FD itself.  If that succeeds, the state that FD had before it is
 * remembered, so that the same bytes are not written again. */
struct sys_stat before_own_flush(int fd);
void after_own_flush(const struct sys_stat *before);

#endif
