/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rename(2), durable. */
#include "wrap/wrap.h"

WRAP int rename(const char *oldpath, const char *newpath)
{
  return syncdir_rename(oldpath, newpath);
}

MARK(rename)
