/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symlinkat(2), durable. */
#include "wrap/wrap.h"

WRAP int symlinkat(const char *target, int dirfd, const char *path)
{
  return syncdir_symlinkat(target, dirfd, path);
}

MARK(symlinkat)
