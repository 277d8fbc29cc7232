/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkfifoat(3), durable. */
#include "wrap/wrap.h"

WRAP int mkfifoat(int dirfd, const char *path, mode_t mode)
{
  return syncdir_mkfifoat(dirfd, path, mode);
}

MARK(mkfifoat)
