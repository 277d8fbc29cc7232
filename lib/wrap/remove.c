/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remove(3), durable. */
#include "core/internal.h"

EXPORT int remove(const char *path)
{
  return syncdir_remove(path);
}
