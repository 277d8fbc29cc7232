/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkdir(2), durable. */
#include "wrap/wrap.h"

WRAP int mkdir(const char *path, mode_t mode)
{
  return syncdir_mkdir(path, mode);
}

MARK(mkdir)
ALIAS(mkdir, __mkdir)
