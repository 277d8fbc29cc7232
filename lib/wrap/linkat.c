/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linkat(2), durable. */
#include "wrap/wrap.h"

WRAP int linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, int flags)
{
  return syncdir_linkat(olddirfd, oldpath, newdirfd, newpath, flags);
}

MARK(linkat)
