/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rmdir(2), durable. */
#include "core/internal.h"

EXPORT int rmdir(const char *path)
{
  return syncdir_rmdir(path);
}
