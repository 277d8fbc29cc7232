/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the attributes of an inode into text that can be compared and kept. */
#include "attributes.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <xxhash.h>
#include "status.h"
#include "tree.h"

/* Flags of chattr(1) that statx(2) tells of. */
static const struct {
  unsigned long long bit;
  const char *name;
} flags[] = {
  { STATX_ATTR_COMPRESSED, "compressed" },
  { STATX_ATTR_IMMUTABLE, "immutable" },
  { STATX_ATTR_APPEND, "append-only" },
  { STATX_ATTR_NODUMP, "nodump" },
};

static void print_status(FILE *text, const char *path)
{
  struct statx status;
  if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &status) == -1) {
    fprintf(text, "status unreadable: %s" ATTRIBUTE_END, strerror(errno));
    return;
  }
  fprintf(text, "owner %u:%u" ATTRIBUTE_END, status.stx_uid, status.stx_gid);
  fprintf(text, "modified %lld.%09u" ATTRIBUTE_END, (long long) status.stx_mtime.tv_sec,
          status.stx_mtime.tv_nsec);
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    if (status.stx_attributes & flags[i].bit)
      fprintf(text, "%s" ATTRIBUTE_END, flags[i].name);
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
    fprintf(text, "%s unreadable: %s" ATTRIBUTE_END, name, strerror(errno));
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
    fprintf(text, "extended attributes unreadable: %s" ATTRIBUTE_END, strerror(errno));
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
