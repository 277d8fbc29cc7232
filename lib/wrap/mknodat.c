/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mknodat(2), durable. */
#include "wrap/wrap.h"

WRAP int mknodat(int dirfd, const char *path, mode_t mode, dev_t device)
{
  return syncdir_mknodat(dirfd, path, mode, device);
}

MARK(mknodat)
ALIAS(mknodat, __mknodat)
