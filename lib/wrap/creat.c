/* SPDX-License-Identifier: GPL-2.0-or-later */
/* creat(2), durable. */
#include "wrap/wrap.h"

EXPORT int creat(const char *path, mode_t mode)
{
  return syncdir_creat(path, mode);
}

EXPORT int creat64(const char *path, mode_t mode)
{
  return syncdir_creat64(path, mode);
}

MARK("creat")
ALIAS(creat, __creat)
ALIAS(creat64, __creat64)
