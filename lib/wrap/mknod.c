/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mknod(2), durable. */
#include "wrap/wrap.h"

WRAP int mknod(const char *path, mode_t mode, dev_t device)
{
  return syncdir_mknod(path, mode, device);
}

MARK(mknod)
ALIAS(mknod, __mknod)
