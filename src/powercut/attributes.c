/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the attributes of an inode into text that can be compared and kept. */
#include "attributes.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <xxhash.h>
#include "status.h"
#include "unreadable.h"

/* Flags that chattr(1) sets, by the letters that it has for them. */
static const struct {
  int bit;
  char letter;
} flags[] = {
  { FS_SECRM_FL, 's' },        { FS_UNRM_FL, 'u' },        { FS_COMPR_FL, 'c' },
  { FS_SYNC_FL, 'S' },         { FS_IMMUTABLE_FL, 'i' },   { FS_APPEND_FL, 'a' },
  { FS_NODUMP_FL, 'd' },       { FS_NOATIME_FL, 'A' },     { FS_NOCOMP_FL, 'm' },
  { FS_JOURNAL_DATA_FL, 'j' }, { FS_NOTAIL_FL, 't' },      { FS_DIRSYNC_FL, 'D' },
  { FS_TOPDIR_FL, 'T' },       { FS_NOCOW_FL, 'C' },       { FS_DAX_FL, 'x' },
  { FS_CASEFOLD_FL, 'F' },     { FS_PROJINHERIT_FL, 'P' },
};

/* Of a regular file or a directory; others cannot be opened, or have none.  A filesystem
 * that has no flags or no projects has nothing to lose. */
static void print_flags(FILE *text, const char *path)
{
  int set, file = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  struct fsxattr more;
  if (file == -1) {
    fprintf(text, "flags " UNREADABLE "%s" ATTRIBUTE_END, strerror(errno));
    return;
  }
  if (ioctl(file, FS_IOC_GETFLAGS, &set) == 0) {
    fputs("flags ", text);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
      if (set & flags[i].bit)
        putc(flags[i].letter, text);
    fputs(ATTRIBUTE_END, text);
  }
  if (ioctl(file, FS_IOC_FSGETXATTR, &more) == 0)
    fprintf(text, "project %u" ATTRIBUTE_END, more.fsx_projid);
  close(file);
}

static void print_status(FILE *text, const char *path)
{
  struct statx status;
  if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &status) == -1) {
    fprintf(text, "status " UNREADABLE "%s" ATTRIBUTE_END, strerror(errno));
    return;
  }
  fprintf(text, "owner %u:%u" ATTRIBUTE_END, status.stx_uid, status.stx_gid);
  fprintf(text, "modified %lld.%09u" ATTRIBUTE_END, (long long) status.stx_mtime.tv_sec,
          status.stx_mtime.tv_nsec);
  if (S_ISREG(status.stx_mode) || S_ISDIR(status.stx_mode))
    print_flags(text, path);
}

static int by_text(const void *left, const void *right)
{
  return strcmp(*(char *const *) left, *(char *const *) right);
}

static void print_xattr(FILE *text, const char *path, const char *name)
{
  static char value[XATTR_SIZE_MAX];
  ssize_t size = lgetxattr(path, name, value, sizeof value);
  if (size == -1)
    fprintf(text, "%s " UNREADABLE "%s" ATTRIBUTE_END, name, strerror(errno));
  else
    fprintf(text, "%s of %zd bytes %016llx" ATTRIBUTE_END, name, size,
            (unsigned long long) XXH3_64bits(value, (size_t) size));
}

/* Sorted: their order on the disk is nobody's. */
static void print_xattrs(FILE *text, const char *path)
{
  static char list[XATTR_LIST_MAX];
  ssize_t size = llistxattr(path, list, sizeof list);
  if (size == -1 && errno != ENOTSUP)
    fprintf(text, "extended attributes " UNREADABLE "%s" ATTRIBUTE_END, strerror(errno));
  if (size <= 0)
    return;
  size_t count = 0;
  const char **names = calloc((size_t) size, sizeof *names);
  if (!names)
    err(FAILED, "cannot hold a list of extended attributes");
  for (const char *name = list; name < list + size; name += strlen(name) + 1)
    names[count++] = name;
  qsort(names, count, sizeof *names, by_text);
  for (size_t i = 0; i < count; i++)
    print_xattr(text, path, names[i]);
  free(names);
}

void print_attributes(FILE *text, const char *path)
{
  print_status(text, path);
  print_xattrs(text, path);
}
