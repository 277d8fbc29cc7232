/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openat2(2), then, if it made the file, a flush of the directory that holds it.
 *
 * Its flags are in memory, and HOW may be a bad pointer: they are read only after the kernel
 * has accepted it.  So we look before every call, as if they were O_CREAT and O_TRUNC. */
#include <string.h>

#include "core/durable.h"
#include "core/internal.h"

/* The kernel's struct open_how, linux/openat2.h. */
struct how {
  uint64_t flags, mode, resolve;
};

enum { IN_ROOT = 0x10 }; /* RESOLVE_IN_ROOT */

EXPORT int syncdir_openat2(int dirfd, const char *path, const struct open_how *how, size_t size)
{
  const struct before before = before_open(dirfd, path, O_CREAT | O_TRUNC);
  int fd = NEXT(openat2)(dirfd, path, how, size), flags;
  struct how accepted;

  if (fd == -1)
    return -1;
  memcpy(&accepted, how, sizeof accepted);
  flags = accepted.flags;
  /* DIRFD was the root of PATH.  For us PATH may lead elsewhere, by ".." or by a symlink, so
   * we must check what it leads to, which these two flags would prevent. */
  if (accepted.resolve & IN_ROOT) {
    flags &= ~(O_EXCL | O_NOFOLLOW);
    path += strspn(path, "/");
  }
  return durable_open("openat2", fd, dirfd, path, flags, &before);
}
