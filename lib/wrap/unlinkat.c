/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unlinkat(2), durable. */
#include "wrap/wrap.h"

WRAP int unlinkat(int dirfd, const char *path, int flags)
{
  return syncdir_unlinkat(dirfd, path, flags);
}

MARK(unlinkat)
