/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unlink(2), durable. */
#include "wrap/wrap.h"

WRAP int unlink(const char *path)
{
  return syncdir_unlink(path);
}

MARK(unlink)
ALIAS(unlink, __unlink)
