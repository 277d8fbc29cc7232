/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether ext4 commits changes in the order in which they were made. */
#include "defer/journal.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <limits.h>
#include <string.h>

#include "core/ext_journal.h"
#include "core/sys.h"
#include "core/text.h"

/* /proc/fs/ext4/DEVICE/options has a line for each option.  That of fast_commit, a
 * feature of the filesystem, is called fc_debug_force there; before Linux 5.10, which
 * brought it, there is neither. */
static bool names_fast_commit(const char *line)
{
  return strncmp(line, "fc_debug_force", 14) == 0 || strncmp(line, "fast_commit", 11) == 0;
}

SELDOM static bool read_options(const char *path)
{
  char bytes[4096];
  size_t length = 0;
  long more;
  int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);

  if (fd == -1)
    return false;
  while ((more = sys_read(fd, bytes + length, sizeof bytes - 1 - length)) > 0)
    length += more;
  sys_close(fd);
  if (more < 0 || length == 0 || length == sizeof bytes - 1)
    return false;
  bytes[length] = '\0';
  for (char *line = bytes; line; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (names_fast_commit(line))
      return false;
  }
  return true;
}

/* The mount that was last found to do so. */
static uint64_t ordered_mount;

SELDOM bool commits_in_order(const struct sys_stat *st)
{
  char device[NAME_MAX + 1], buffer[NAME_MAX + sizeof "/proc/fs/ext4//options"];
  struct text path = empty_text(buffer, sizeof buffer);

  if ((st->mask & STAT_UNIQUE_MOUNT) && st->mount == ordered_mount)
    return true;
  if (!block_device_name(st, device, sizeof device))
    return false;
  add_string(&path, "/proc/fs/ext4/");
  add_string(&path, device);
  add_string(&path, "/options");
  if (!read_options(buffer))
    return false;
  ordered_mount = st->mask & STAT_UNIQUE_MOUNT ? st->mount : 0;
  return true;
}

#endif
