/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prototypes of the names that libc exports and its headers do not show, or not
 * in every C library.  Old programs were compiled against some of them. */
#ifndef SYNCDIR_HIDDEN_NAMES_H
#define SYNCDIR_HIDDEN_NAMES_H

#include <stdio.h>
#include <sys/types.h>

int __open(const char *path, int flags, ...);
int __open64(const char *path, int flags, ...);
int __xmknod(int version, const char *path, mode_t mode, dev_t *device);
int __xmknodat(int version, int dirfd, const char *path, mode_t mode, dev_t *device);
int renameat2(int olddirfd, const char *oldpath,
              int newdirfd, const char *newpath, unsigned int flags);
FILE *_IO_fopen(const char *path, const char *mode);

#endif
