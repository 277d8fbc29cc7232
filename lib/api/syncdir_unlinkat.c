/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unlinkat(2), then a flush of the directory that held PATH. */
#include "core/internal.h"

EXPORT int syncdir_unlinkat(int dirfd, const char *path, int flags)
{
  bool others = has_other_names(dirfd, path);

  if (NEXT(unlinkat)(dirfd, path, flags) == -1)
    return -1;
  return durable_removal("unlinkat", dirfd, path, others);
}
