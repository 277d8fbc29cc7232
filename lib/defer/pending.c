/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the open batch has pending: where it belongs, and what has changed last. */
#include "defer/pending.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <fcntl.h>

#include "core/sys.h"
#include "defer/ahead.h"

struct pending pending;

bool is_pending_descriptor(int fd)
{
  return fd == pending.descriptor || is_opened_ahead(fd);
}

bool is_on_its_filesystem(const struct sys_stat *st)
{
  return st->major == pending.major && st->minor == pending.minor;
}

bool is_inside_its_mount(const struct sys_stat *st)
{
  enum { MOUNTED_HERE = 0x2000 }; /* STATX_ATTR_MOUNT_ROOT */

  return (st->mask & STAT_UNIQUE_MOUNT) && st->mount == pending.mount
      && (st->attributes_mask & MOUNTED_HERE) && !(st->attributes & MOUNTED_HERE);
}

bool flush_next(int fd)
{
  pending.inode = 0;
  return GATE(SYS_dup3, fd, pending.descriptor, O_CLOEXEC) >= 0;
}

#endif
