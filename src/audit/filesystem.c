/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the auditor has to know of a filesystem. */
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/ext_journal.h"
#include "filesystem.h"
#include "memory.h"

/* As the library has it: lib/core/filesystem.c. */
static bool is_in_memory(unsigned long type)
{
  static const unsigned long types[] = {
    0x01021994, /* tmpfs and devtmpfs */
    0x858458F6, /* ramfs */
    0x00009FA0, /* proc */
    0x62656572, /* sysfs */
    0x0027E0EB, /* cgroup */
    0x63677270, /* cgroup2 */
    0x00001CD1, /* devpts */
    0x958458F6, /* hugetlbfs */
    0x19800202, /* mqueue */
    0x64626720, /* debugfs */
    0x74726163, /* tracefs */
    0x73636673, /* securityfs */
    0xF97CFF8C, /* selinuxfs */
    0x43415D53, /* smackfs */
    0x62656570, /* configfs */
    0xCAFE4A11, /* bpf */
    0x42494E4D, /* binfmt_misc */
    0x65735543, /* fusectl */
    0x67596969, /* rpc_pipefs */
    0x6E736673, /* nsfs */
  };

  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (types[i] == type)
      return true;
  return false;
}

/* ext2, ext3 and ext4 have one type.  Without a journal nothing writes the inode that leads to
 * the bytes. */
static bool has_journal(const char *path)
{
  struct sys_stat st;

  return sys_statx(AT_FDCWD, path, 0, STAT_BASIC, &st) == 0 && ext_has_journal(&st);
}

static bool are_stores_seen(unsigned long type)
{
  return type == EXT4_SUPER_MAGIC || type == XFS_SUPER_MAGIC || type == BTRFS_SUPER_MAGIC
      || type == F2FS_SUPER_MAGIC || type == OVERLAYFS_SUPER_MAGIC;
}

/* Whether one of the words, parted by commas, is WORD. */
static bool has_word(const char *words, const char *word)
{
  size_t length = strlen(word);

  for (; words; words = strchr(words, ','), words = words ? words + 1 : NULL)
    if (strncmp(words, word, length) == 0 && strchr(",\n", words[length]))
      return true;
  return false;
}

/* statfs(2) does not know dirsync; /proc/self/mountinfo does. */
static bool is_mounted_synchronous(dev_t device)
{
  FILE *file = fopen("/proc/self/mountinfo", "re");
  char *line = NULL;
  size_t size = 0;
  bool synchronous = false;

  while (file && !synchronous && getline(&line, &size, file) > 0) {
    unsigned major, minor;
    char *options = strrchr(line, ' ');

    if (options && sscanf(line, "%*d %*d %u:%u", &major, &minor) == 2
        && makedev(major, minor) == device)
      synchronous = has_word(options + 1, "sync") || has_word(options + 1, "dirsync");
  }
  free(line);
  if (file)
    fclose(file);
  return synchronous;
}

static int compare(const void *left, const void *right)
{
  const struct filesystem *a = left, *b = right;

  return (a->device > b->device) - (a->device < b->device);
}

struct filesystem *filesystem_of(const char *path, dev_t device)
{
  static void *all;
  struct filesystem *one, **found, key = { .device = device };
  struct statfs st;

  found = tfind(&key, &all, compare);
  if (found)
    return *found;
  one = allocate(sizeof *one);
  one->device = device;
  if (statfs(path, &st) == 0) {
    one->in_memory = is_in_memory((unsigned long) st.f_type);
    one->stores_seen = are_stores_seen((unsigned long) st.f_type);
    bool ext = st.f_type == EXT4_SUPER_MAGIC, journal = ext && has_journal(path);
    one->bytes_by_range = st.f_type == XFS_SUPER_MAGIC || journal;
    one->may_lose_names = st.f_type == FUSE_SUPER_MAGIC || (ext && !journal);
  }
  one->synchronous = is_mounted_synchronous(device);
  remember(&all, one, compare);
  return one;
}

bool is_synchronous(const char *path)
{
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK), flags = 0;
  bool synchronous;

  if (fd == -1)
    return false;
  synchronous = ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && flags & (FS_DIRSYNC_FL | FS_SYNC_FL);
  close(fd);
  return synchronous;
}

uint64_t mount_of(const char *path)
{
  struct statx st;

  if (statx(AT_FDCWD, path, 0, STATX_MNT_ID, &st) == -1 || !(st.stx_mask & STATX_MNT_ID))
    return 0;
  return st.stx_mnt_id;
}
