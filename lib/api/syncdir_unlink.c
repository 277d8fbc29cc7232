/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unlink(2), then a flush of the directory that held PATH. */
#include "core/internal.h"

EXPORT int syncdir_unlink(const char *path)
{
  bool others = has_other_names(AT_FDCWD, path);

  if (NEXT(unlink)(path) == -1)
    return -1;
  return durable_removal("unlink", AT_FDCWD, path, others);
}
