/* SPDX-License-Identifier: GPL-2.0-or-later */
/* renameat2(2), durable. */
#include "wrap/wrap.h"

WRAP int renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath,
                   unsigned int flags)
{
  return syncdir_renameat2(olddirfd, oldpath, newdirfd, newpath, flags);
}

MARK(renameat2)
ALIAS(renameat2, __renameat2)
