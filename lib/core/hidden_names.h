/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prototypes of the names that libc exports and its headers do not show, or not
 * in every C library.  Old programs were compiled against some of them. */
#ifndef SYNCDIR_HIDDEN_NAMES_H
#define SYNCDIR_HIDDEN_NAMES_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/* musl has macros for them, or nothing. */
#undef open64
#undef openat64
#undef creat64
#undef fopen64
#undef freopen64
#undef mkstemp64
#undef mkostemp64
#undef mkstemps64
#undef mkostemps64

int open64(const char *path, int flags, ...);
int openat64(int dirfd, const char *path, int flags, ...);
int creat64(const char *path, mode_t mode);
FILE *fopen64(const char *path, const char *mode);
FILE *freopen64(const char *path, const char *mode, FILE *stream);
int mkstemp64(char *name_template);
int mkostemp64(char *name_template, int flags);
int mkstemps64(char *name_template, int suffix_length);
int mkostemps64(char *name_template, int suffix_length, int flags);

int __open(const char *path, int flags, ...);
int __open64(const char *path, int flags, ...);
int __xmknod(int version, const char *path, mode_t mode, dev_t *device);
int __xmknodat(int version, int dirfd, const char *path, mode_t mode, dev_t *device);
struct open_how;
int openat2(int dirfd, const char *path, const struct open_how *how, size_t size);
int renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath,
              unsigned int flags);
FILE *_IO_fopen(const char *path, const char *mode);

#endif
