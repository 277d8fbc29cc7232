/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the archive has in place of the C library's functions: the system calls of raw.h,
 * and, below, the functions that the C library builds on them. */
#ifndef SYNCDIR_REPLACED_H
#define SYNCDIR_REPLACED_H

#include <stdio.h>

#include "core/raw.h"

FILE *raw_fopen(const char *path, const char *mode);
int raw_mkostemps(char *name_template, int suffix_length, int flags);
char *raw_mkdtemp(char *name_template);

static inline int raw_mkstemps(char *name_template, int suffix_length)
{
  return raw_mkostemps(name_template, suffix_length, 0);
}

static inline int raw_mkostemp(char *name_template, int flags)
{
  return raw_mkostemps(name_template, 0, flags);
}

static inline int raw_mkstemp(char *name_template)
{
  return raw_mkostemps(name_template, 0, 0);
}

/* libc's own, which opens by our __open, or by our fopen. */
static inline FILE *raw_freopen(const char *path, const char *mode, FILE *stream)
{
  return freopen(path, mode, stream);
}

#define raw_fopen64 raw_fopen
#define raw__IO_fopen raw_fopen
#define raw_freopen64 raw_freopen
#define raw_mkstemp64 raw_mkstemp
#define raw_mkostemp64 raw_mkostemp
#define raw_mkstemps64 raw_mkstemps
#define raw_mkostemps64 raw_mkostemps

#endif
