/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkdirat(2), durable. */
#include "wrap/wrap.h"

WRAP int mkdirat(int dirfd, const char *path, mode_t mode)
{
  return syncdir_mkdirat(dirfd, path, mode);
}

MARK(mkdirat)
