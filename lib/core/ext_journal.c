/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an ext2, ext3 or ext4 has a journal: statfs(2) gives all of them one type. */
#include <limits.h>
#include <string.h>

#include "core/ext_journal.h"
#include "core/text.h"

/* The last component of where /sys/dev/block/MAJ:MIN leads. */
bool block_device_name(const struct sys_stat *directory, char *name, size_t size)
{
  char link[64], target[USUAL_PATH];
  struct text path = empty_text(link, sizeof link);
  struct text found = empty_text(name, size);
  ssize_t length;

  add_string(&path, "/sys/dev/block/");
  add_number(&path, directory->major);
  add_string(&path, ":");
  add_number(&path, directory->minor);
  length = sys_readlink(link, target, sizeof target - 1);
  if (length == -1)
    return false;
  target[length] = '\0';
  add_string(&found, strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
  return !found.cut;
}

/* The file is there with and without a journal: it holds the number of the journal's
 * thread, or "<none>". */
bool has_journal_thread(const char *device)
{
  char buffer[NAME_MAX + sizeof "/sys/fs/ext4//journal_task"], first = '<';
  struct text path = empty_text(buffer, sizeof buffer);
  int fd;

  add_string(&path, "/sys/fs/ext4/");
  add_string(&path, device);
  add_string(&path, "/journal_task");
  fd = sys_openat(AT_FDCWD, buffer, O_RDONLY | O_CLOEXEC);
  if (fd == -1)
    return false;
  sys_read(fd, &first, 1);
  sys_close(fd);
  return first >= '0' && first <= '9';
}

/* jbd2 names a journal after its device and its inode, which is number 8 if mkfs made it.
 * /proc is asked first because that is cheap; has_journal_thread also finds a journal in
 * another inode, and does not need /proc.  If neither can tell, assume no journal. */
bool ext_has_journal(const struct sys_stat *directory)
{
  char device[NAME_MAX + 1], buffer[NAME_MAX + sizeof "/proc/fs/jbd2/-8"];
  struct text path = empty_text(buffer, sizeof buffer);

  if (!block_device_name(directory, device, sizeof device))
    return false;
  add_string(&path, "/proc/fs/jbd2/");
  add_string(&path, device);
  add_string(&path, "-8");
  return sys_exists(AT_FDCWD, buffer) || has_journal_thread(device);
}
