/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link(2), durable. */
#include "wrap/wrap.h"

WRAP int link(const char *oldpath, const char *newpath)
{
  return syncdir_link(oldpath, newpath);
}

MARK(link)
ALIAS(link, __link)
