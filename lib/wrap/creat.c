/* SPDX-License-Identifier: GPL-2.0-or-later */
/* creat(2), durable. */
#include "wrap/wrap.h"

WRAP int creat(const char *path, mode_t mode)
{
  return syncdir_creat(path, mode);
}

WRAP int creat64(const char *path, mode_t mode)
{
  return syncdir_creat64(path, mode);
}

MARK(creat)
ALIAS(creat, __creat)
ALIAS(creat64, __creat64)
