/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes and mounts filesystems. */
#include "filesystem.h"
#include "status.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libmount/libmount.h>
#include <linux/btrfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Small, so that a state takes milliseconds.  Inode tables are written at once
 * and not by a thread of the kernel's, later.  The uuid is the same on each copy
 * of the image. */
#define EXT4 "ext4", "mkfs.ext4 -F -E lazy_itable_init=0,nodiscard", "", 16 << 20
#define XFS "xfs", "mkfs.xfs -f -K --unsupported", "nouuid", 32 << 20
#define BTRFS "btrfs", "mkfs.btrfs -f -K", "nodiscard", 128 << 20
#define EXT2 "ext2", "mkfs.ext2 -F -b 1024 -N 2048 -E nodiscard", "", 8 << 20
/* clang-format off */
static const struct filesystem filesystems[] = {
  { "ext4", EXT4, false },
  { "xfs", XFS, false },
  { "btrfs", BTRFS, false },
  { "ext2", EXT2, false },
  { "overlay", EXT4, true },
  { "overlay-xfs", XFS, true },
  { "overlay-btrfs", BTRFS, true },
  { "overlay-ext2", EXT2, true },
};
/* clang-format on */
#define COUNT (sizeof filesystems / sizeof *filesystems)

const struct filesystem *find_filesystem(const char *name)
{
  for (size_t i = 0; i < COUNT; i++)
    if (strcmp(filesystems[i].name, name) == 0)
      return &filesystems[i];
  return NULL;
}

const char *filesystem_names(void)
{
  static char names[128];
  names[0] = '\0';
  for (size_t i = 0; i < COUNT; i++) {
    strcat(names, i == 0 ? "" : ", ");
    strcat(names, filesystems[i].name);
  }
  return names;
}

void make_filesystem(const struct filesystem *filesystem, const char *arguments, const char *image)
{
  char command[3 * 4096];
  int length = snprintf(
    command, sizeof command,
    "%s %s \"$image\" >\"$image.log\" 2>&1 || { cat \"$image.log\" >&2; exit 1; }",
    filesystem->mkfs, arguments);
  if (length >= (int) sizeof command)
    errx(FAILED, "the arguments of mkfs are too long");
  if (setenv("image", image, 1) == -1 || system(command) != 0)
    errx(FAILED, "cannot make a filesystem with %s %s", filesystem->mkfs, arguments);
  unsetenv("image");
}

/* Before Linux 6.7 btrfs took one uuid for one filesystem. */
bool can_mount_copies(const struct filesystem *filesystem)
{
  return strcmp(filesystem->type, "btrfs") != 0
      || access("/sys/fs/btrfs/features/temp_fsid", F_OK) == 0;
}

/* Without a journal.  linux/Documentation/filesystems/ext4/super.rst: the magic
 * number at 0x38, the compatible features at 0x5C, has_journal is 0x4. */
bool must_be_repaired(const struct filesystem *filesystem, const char *image)
{
  unsigned char super[0x60];
  if (strncmp(filesystem->type, "ext", 3) != 0)
    return false;
  int file = open(image, O_RDONLY | O_CLOEXEC);
  if (file == -1 || pread(file, super, sizeof super, 1024) != sizeof super)
    err(FAILED, "cannot read the superblock in %s", image);
  close(file);
  return super[0x38] == 0x53 && super[0x39] == 0xEF && (super[0x5C] & 0x4) == 0;
}

/* Not btrfs, whose checksums a read must pass and whose addresses are not those of the
 * device; not an overlay, whose files may be of two filesystems. */
bool tells_where_content_is(const struct filesystem *filesystem, const char *options)
{
  bool lies_plain = strncmp(filesystem->type, "ext", 3) == 0
                 || strcmp(filesystem->type, "xfs") == 0;
  return lies_plain && !filesystem->has_overlay && !strstr(options, "data=");
}

/* "noatime,data=journal" is a flag and an option of the filesystem's own. */
static bool mount_with(const char *source, const char *target, const char *type,
                       const char *options, const char *more)
{
  char all[1024], *own = NULL;
  unsigned long flags = 0;
  snprintf(all, sizeof all, "noatime%s%s%s%s", *options ? "," : "", options, *more ? "," : "",
           more);
  if (mnt_optstr_get_flags(all, &flags, mnt_get_builtin_optmap(MNT_LINUX_MAP)) != 0
      || mnt_split_optstr(all, NULL, NULL, &own, 0, 0) != 0)
    errx(FAILED, "cannot understand the mount options \"%s\"", all);
  int result = mount(source, target, type, flags | MS_NODIRATIME, own);
  int error = errno;
  free(own);
  errno = error;
  return result == 0;
}

static void make_folder(const char *path)
{
  if (mkdir(path, 0755) == -1 && errno != EEXIST)
    err(FAILED, "cannot make the directory %s", path);
}

/* By names below the working directory: a path may have what means something in
 * the options, a comma or a colon. */
static bool mount_overlay(const struct mounted *mounted)
{
  static const char *const parts[] = { "lower", "upper", "work" };
  int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (before == -1 || chdir(mounted->below) == -1)
    err(FAILED, "cannot change into %s", mounted->below);
  bool done = true;
  for (size_t i = 0; i < 3 && done; i++)
    done = mkdir(parts[i], 0755) == 0 || errno == EEXIST;
  done = done
      && mount("overlay", mounted->top, "overlay", MS_NOATIME | MS_NODIRATIME,
               "lowerdir=lower,upperdir=upper,workdir=work")
           == 0;
  int error = errno;
  if (fchdir(before) == -1)
    err(FAILED, "cannot change back from %s", mounted->below);
  close(before);
  errno = error;
  return done;
}

bool mount_filesystem(const struct filesystem *filesystem, const char *device, const char *options,
                      const char *folder, struct mounted *mounted)
{
  mounted->filesystem = filesystem;
  snprintf(mounted->below, sizeof mounted->below, "%s/%s", folder,
           filesystem->has_overlay ? "below" : "top");
  snprintf(mounted->top, sizeof mounted->top, "%s/top", folder);
  make_folder(mounted->below);
  make_folder(mounted->top);
  if (!mount_with(device, mounted->below, filesystem->type, options, filesystem->options))
    return false;
  if (!filesystem->has_overlay || mount_overlay(mounted))
    return true;
  int error = errno;
  umount2(mounted->below, MNT_DETACH);
  errno = error;
  return false;
}

/* A namespace goes when the kernel finds the time: on a busy machine seconds after the last
 * process in it. */
static void wait_while_busy(const char *path, int *tries)
{
  enum { A_MINUTE = 60 * 200 };

  if (errno != EBUSY || ++*tries == A_MINUTE)
    err(FAILED, "cannot unmount %s", path);
  nanosleep(&(const struct timespec) { .tv_nsec = 5000000 }, NULL);
}

static void unmount(const char *folder)
{
  int tries = 0;
  while (umount2(folder, 0) == -1)
    wait_while_busy(folder, &tries);
}

/* A copy of the mount, in a namespace that goes, keeps the filesystem alive: to
 * mount the device now would show what is in its memory, not what is on the disk. */
static void wait_until_free(const char *device)
{
  int file, tries = 0;
  while ((file = open(device, O_RDONLY | O_EXCL | O_CLOEXEC)) == -1)
    wait_while_busy(device, &tries);
  close(file);
}

/* btrfs keeps the device in mind, and would find it with another content. */
static void forget_btrfs(const char *device)
{
  struct btrfs_ioctl_vol_args arguments = { 0 };
  int control = open("/dev/btrfs-control", O_RDWR | O_CLOEXEC);
  if (control == -1)
    err(FAILED, "cannot open /dev/btrfs-control");
  snprintf(arguments.name, sizeof arguments.name, "%s", device);
  ioctl(control, BTRFS_IOC_FORGET_DEV, &arguments);
  close(control);
}

void unmount_filesystem(const struct mounted *mounted, const char *device)
{
  if (mounted->filesystem->has_overlay)
    unmount(mounted->top);
  unmount(mounted->below);
  wait_until_free(device);
  if (strcmp(mounted->filesystem->type, "btrfs") == 0)
    forget_btrfs(device);
}
