/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkfifo(3), durable. */
#include "wrap/wrap.h"

WRAP int mkfifo(const char *path, mode_t mode)
{
  return syncdir_mkfifo(path, mode);
}

MARK(mkfifo)
