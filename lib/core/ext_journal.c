/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs and procfs tell of the ext2, ext3 and ext4 of this machine.
 *
 * A container may lack either, or parts of them: Podman hides /sys/dev/block. */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "core/ext_journal.h"
#include "core/text.h"

/* Reads FOLDER/DEVICE/FILE into BYTES, which has room for SIZE.  Empty if it cannot be. */
static void read_of(const char *folder, const char *device, const char *file, char *bytes,
                    size_t size)
{
  char buffer[NAME_MAX + sizeof "/sys/class/block//journal_task"];
  struct text path = empty_text(buffer, sizeof buffer);
  ssize_t length;
  int fd;

  *bytes = '\0';
  add_string(&path, folder);
  add_string(&path, device);
  add_string(&path, file);
  fd = sys_openat(AT_FDCWD, buffer, O_RDONLY | O_CLOEXEC);
  if (fd == -1)
    return;
  length = sys_read(fd, bytes, size - 1);
  bytes[length > 0 ? length : 0] = '\0';
  sys_close(fd);
}

unsigned long long size_of_device(const char *device)
{
  unsigned long long size = 0;
  char digits[24];

  read_of("/sys/class/block/", device, "/size", digits, sizeof digits);
  for (const char *at = digits; *at >= '0' && *at <= '9'; at++)
    size = 10 * size + (unsigned) (*at - '0');
  return size;
}

/* journal_task holds the number of the journal's thread, 0 in another namespace of
 * processes, or "<none>".  Both kinds of filesystem have the file. */
bool has_journal_thread(const char *device)
{
  char first[2];

  read_of("/sys/fs/ext4/", device, "/journal_task", first, sizeof first);
  return *first >= '0' && *first <= '9';
}

/* The kernel's struct linux_dirent64. */
struct entry {
  uint64_t inode, offset;
  uint16_t length;
  uint8_t type;
  char name[];
};

int any_ext(bool (*is_it)(const char *device, void *data), void *data)
{
  _Alignas(struct entry) char bytes[1024];
  int fd = sys_openat(AT_FDCWD, "/sys/fs/ext4", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ssize_t length = -1;
  bool found = false;

  if (fd == -1)
    return -1;
  while (!found && (length = sys_getdents(fd, bytes, sizeof bytes)) > 0)
    for (const char *at = bytes; !found && at < bytes + length;
         at += ((const struct entry *) at)->length) {
      const char *name = ((const struct entry *) at)->name;

      found = *name != '.' && strcmp(name, "features") != 0 && is_it(name, data);
    }
  sys_close(fd);
  return found ? 1 : length == 0 ? 0 : -1;
}

struct wanted_device {
  char number[48]; /* "MAJOR:MINOR" and the end of the line */
  struct text name;
};

static bool has_number(const char *device, void *data)
{
  struct wanted_device *wanted = data;
  char number[sizeof wanted->number];

  read_of("/sys/class/block/", device, "/dev", number, sizeof number);
  if (strcmp(number, wanted->number) != 0)
    return false;
  add_string(&wanted->name, device);
  return true;
}

static void add_device_number(struct text *text, const struct sys_stat *st)
{
  add_number(text, st->major);
  add_string(text, ":");
  add_number(text, st->minor);
}

static bool find_among_ext(const struct sys_stat *directory, char *name, size_t size)
{
  struct wanted_device wanted = { .name = empty_text(name, size) };
  struct text number = empty_text(wanted.number, sizeof wanted.number);

  add_device_number(&number, directory);
  add_string(&number, "\n");
  return any_ext(has_number, &wanted) == 1 && !wanted.name.cut;
}

/* The last component of where /sys/dev/block/MAJ:MIN leads, which is found at once. */
bool block_device_name(const struct sys_stat *directory, char *name, size_t size)
{
  char link[64], target[USUAL_PATH];
  struct text path = empty_text(link, sizeof link);
  struct text found = empty_text(name, size);
  ssize_t length;

  add_string(&path, "/sys/dev/block/");
  add_device_number(&path, directory);
  length = sys_readlink(link, target, sizeof target - 1);
  if (length == -1)
    return find_among_ext(directory, name, size);
  target[length] = '\0';
  add_string(&found, strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
  return !found.cut;
}

/* jbd2 names a journal after its device and its inode, which is number 8 if mkfs made it.
 * That is asked first because it is cheap; has_journal_thread finds a journal elsewhere too,
 * and does without /proc. */
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
