/* SPDX-License-Identifier: GPL-2.0-or-later */
/* freopen(3), durable. */
#include "wrap/wrap.h"

WRAP FILE *freopen(const char *path, const char *mode, FILE *stream)
{
  return syncdir_freopen(path, mode, stream);
}

WRAP FILE *freopen64(const char *path, const char *mode, FILE *stream)
{
  return syncdir_freopen64(path, mode, stream);
}

MARK(freopen)
