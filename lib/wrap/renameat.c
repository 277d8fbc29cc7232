/* SPDX-License-Identifier: GPL-2.0-or-later */
/* renameat(2), durable. */
#include "wrap/wrap.h"

WRAP int renameat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath)
{
  return syncdir_renameat(olddirfd, oldpath, newdirfd, newpath);
}

MARK(renameat)
ALIAS(renameat, __renameat)
