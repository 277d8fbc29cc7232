/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the C library is glibc.  An archive that was compiled with glibc's headers may
 * be linked with musl, and then does what musl does. */
#ifndef SYNCDIR_LIBC_H
#define SYNCDIR_LIBC_H

#include <stdbool.h>
#include <stdio.h>

#ifdef ARCHIVE

/* Names that only glibc has: the first two in its shared library and behind every
 * stream, the third in every static program. */
__attribute__((weak)) FILE *_IO_file_fopen(FILE *stream, const char *path, const char *mode,
                                           int is32not64);
__attribute__((weak)) int _IO_file_close_it(FILE *stream);
extern __attribute__((weak)) void *__libc_stack_end;

static inline bool with_glibc(void)
{
  return _IO_file_fopen != NULL || &__libc_stack_end != NULL;
}

#else

static inline bool with_glibc(void)
{
#ifdef __GLIBC__
  return true;
#else
  return false;
#endif
}

#endif

#endif
