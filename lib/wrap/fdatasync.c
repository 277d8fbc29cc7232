/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fdatasync(2), unchanged; a file that was flushed is remembered. */
#include "wrap/wrap.h"

WRAP int fdatasync(int fd)
{
  return syncdir_fdatasync(fd);
}

MARK(fdatasync)
