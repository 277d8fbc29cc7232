/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symlink(2), durable. */
#include "wrap/wrap.h"

WRAP int symlink(const char *target, const char *path)
{
  return syncdir_symlink(target, path);
}

MARK(symlink)
ALIAS(symlink, __symlink)
