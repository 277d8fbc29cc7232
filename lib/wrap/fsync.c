/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fsync(2), unchanged; a file that was flushed is remembered. */
#include "wrap/wrap.h"

WRAP int fsync(int fd)
{
  return syncdir_fsync(fd);
}

MARK(fsync)
