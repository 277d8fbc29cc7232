/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remove(3), then a flush of the directory that held PATH.  libc's own remove
 * does not go through unlink and rmdir. */
#include "core/internal.h"

EXPORT int syncdir_remove(const char *path)
{
  bool others = has_other_names(AT_FDCWD, path);

  if (NEXT(remove)(path) == -1)
    return -1;
  return durable_removal("remove", AT_FDCWD, path, others);
}
