/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an errno of open, fsync or syncfs of a directory means. */
#include <errno.h>

#include "core/errors.h"

/* clang-format off */
bool only_cannot_open(int error)
{
  switch (error) {
    case EACCES: case EPERM:                        /* permission */
    case EMFILE: case ENFILE: case ENOMEM:          /* descriptors, memory */
    case ENOENT: case ENOTDIR: case ELOOP: case ENAMETOOLONG:  /* leads nowhere */
      return true;
    default: return false;
  }
}
/* clang-format on */

bool not_for_directories(int error)
{
  return error == EINVAL || error == ENOTSUP || error == ENOSYS || error == EBADF;
}
