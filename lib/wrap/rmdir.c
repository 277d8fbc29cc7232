/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rmdir(2), durable. */
#include "wrap/wrap.h"

WRAP int rmdir(const char *path)
{
  return syncdir_rmdir(path);
}

MARK(rmdir)
ALIAS(rmdir, __rmdir)
