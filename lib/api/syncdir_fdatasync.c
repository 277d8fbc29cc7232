/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fdatasync(2), unchanged; a file that was flushed is remembered. */
#include "core/internal.h"

EXPORT int syncdir_fdatasync(int fd)
{
  const struct sys_stat before = before_own_flush(fd);
  int result = NEXT(fdatasync)(fd);

  if (result == 0)
    after_own_flush(&before);
  return result;
}
