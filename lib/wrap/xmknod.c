/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of mknod and mknodat before glibc 2.33, which old programs still call. */
#include "wrap/wrap.h"

EXPORT int __xmknod(int version, const char *path, mode_t mode, dev_t *device)
{
  if (NEXT(__xmknod)(version, path, mode, device) == -1)
    return -1;
  return durable_name("__xmknod", AT_FDCWD, path);
}

EXPORT int __xmknodat(int version, int dirfd, const char *path, mode_t mode, dev_t *device)
{
  if (NEXT(__xmknodat)(version, dirfd, path, mode, device) == -1)
    return -1;
  return durable_name("__xmknodat", dirfd, path);
}

MARK(xmknod)
