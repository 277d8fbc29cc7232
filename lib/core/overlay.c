/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds the upper directory of an overlay.
 *
 * The path of the upper directory in mountinfo may lead nowhere, as in a container, and
 * statfs(2) says "overlay".  What remains is the handle of a file (Linux 6.5), the size of
 * the filesystem below, which statfs shows through, and sysfs, which lists every mounted
 * ext4 of the machine, whoever has mounted it. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ext_journal.h"
#include "core/overlay.h"
#include "core/sys.h"

/* The handle of a file on an overlay, as name_to_handle_at(2) returns it (struct ovl_fh
 * in the kernel's fs/overlayfs/overlayfs.h).  It holds the handle that the filesystem below
 * gives to the file, and the type of that handle, which each filesystem chooses. */
struct overlay_handle {
  uint32_t size;
  int32_t type;
  uint8_t spare[3], version, magic, length, flags, type_below, uuid[16], below[104];
};

enum { OVERLAY_HANDLE = 0xf8, OVERLAY_MAGIC = 0xfb, IS_UPPER = 4 };

/* An overlay that a user namespace has mounted has no such handles. */
static bool get_handle(int fd, struct overlay_handle *handle)
{
  handle->size = sizeof *handle - offsetof(struct overlay_handle, spare);
  return sys_handle_of(fd, handle) == 0 && handle->type == OVERLAY_HANDLE
      && handle->magic == OVERLAY_MAGIC;
}

static bool is_btrfs(uint8_t type)
{
  return type >= 0x4d && type <= 0x4f;
}

/* ext2 to ext4, and tmpfs: 1, or 2 if the parent's inode follows. */
static bool is_ext_or_tmpfs(uint8_t type)
{
  return type == 0x01 || type == 0x02;
}

/* xfs with 64 bits. */
static bool is_xfs(uint8_t type)
{
  return type == 0x81 || type == 0x82;
}

/* Whether a filesystem of as many units of 512 bytes as DATA points to may be an ext without a
 * journal on DEVICE. */
static bool may_be_without_journal(const char *device, void *data)
{
  const unsigned long long *size = data;
  unsigned long long room;

  if (has_journal_thread(device))
    return false;
  room = size_of_device(device);
  return room == 0 || room >= *size;
}

/* Whether the filesystem of SIZE below an overlay may be an ext2, ext3 or ext4 without a
 * journal. */
static bool ext_may_lack_journal(unsigned long long size)
{
  int found = any_ext(may_be_without_journal, &size);

  if (found == -1 && errno == ENOENT && sys_exists(AT_FDCWD, "/sys/fs"))
    return false;
  return found != 0 || sys_exists(AT_FDCWD, "/sys/module/ext2");
}

static enum upper upper_by_statfs(int fd, bool may_be_btrfs)
{
  sys_statfs fs;

  if (sys_fstatfs(fd, &fs) == -1)
    return UPPER_UNKNOWN;
  /* btrfs does not count its inodes. */
  if (may_be_btrfs && fs.f_files == 0)
    return UPPER_UNKNOWN;
  return ext_may_lack_journal((unsigned long long) fs.f_blocks * (unsigned long long) fs.f_bsize
                              / 512)
         ? UPPER_MAY_LACK_JOURNAL
         : UPPER_OTHER;
}

enum upper upper_of_overlay(int fd, bool *certain)
{
  struct overlay_handle handle;
  bool has_handle = get_handle(fd, &handle);
  enum upper upper;

  *certain = true;
  if (has_handle && (handle.flags & IS_UPPER)) {
    if (is_btrfs(handle.type_below))
      return UPPER_BTRFS;
    if (is_xfs(handle.type_below))
      return UPPER_OTHER;
    return is_ext_or_tmpfs(handle.type_below) ? upper_by_statfs(fd, false) : UPPER_UNKNOWN;
  }
  /* A directory that was copied up has the handle of the lower one, which may be on another
   * filesystem. */
  upper = upper_by_statfs(fd, true);
  *certain = !has_handle || upper != UPPER_UNKNOWN;
  return upper;
}

bool is_in_upper_alone(int fd)
{
  struct overlay_handle handle;

  return get_handle(fd, &handle) && (handle.flags & IS_UPPER);
}
