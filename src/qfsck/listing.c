/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names in a directory. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>

#include "listing.h"
#include "queue.h"

struct listing list_open(int fd, const char *path)
{
  struct listing listing = { .stream = fdopendir(fd), .path = path };

  if (!listing.stream)
    cannot("read the directory", path);
  return listing;
}

struct listing list_folder(int queue, const char *path)
{
  int fd = open_folder(queue, path, O_RDONLY);

  if (fd != -1)
    return list_open(fd, path);
  if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    cannot("read the directory", *path ? path : "of the queue");
  return (struct listing) { .path = path };
}

/* ext4's readdir skips a block whose checksum is wrong, without an error.  If it is the
 * first block, "." and ".." are missing as well, and that shows it. */
static bool is_first_block_lost(const struct listing *listing)
{
  struct statfs disk;

  return !listing->has_dots && fstatfs(dirfd(listing->stream), &disk) == 0
      && disk.f_type == EXT_MAGIC;
}

struct dirent *next_name(struct listing *listing)
{
  struct dirent *entry;

  if (!listing->stream)
    return NULL;
  while (errno = 0, (entry = readdir(listing->stream))) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      return entry;
    listing->has_dots = true;
  }
  if (!errno && is_first_block_lost(listing))
    errno = EIO;
  if (errno)
    cannot("read the directory", *listing->path ? listing->path : "of the queue");
  end_listing(listing);
  return NULL;
}

void end_listing(struct listing *listing)
{
  if (listing->stream)
    closedir(listing->stream);
  listing->stream = NULL;
}
