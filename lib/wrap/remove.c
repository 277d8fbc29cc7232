/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remove(3), durable. */
#include "wrap/wrap.h"

WRAP int remove(const char *path)
{
  return syncdir_remove(path);
}

MARK(remove)
