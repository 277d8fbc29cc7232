/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashes the content of a file, by reading it or where it lies on the device. */
#include "content.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>
#include "status.h"

#define CONTENT_BLOCK 4096

/* Looking is held against reading for one file of so many. */
#define READ_TOO 64

/* Of all blocks that are not zeros: each hash depends on the block's place, and
 * holes and zeros, which read the same, are the same. */
static uint64_t hash_block(const char *block, size_t length, uint64_t number)
{
  static const char zeros[CONTENT_BLOCK];
  return memcmp(block, zeros, length) == 0 ? 0 : XXH3_64bits_withSeed(block, length, number);
}

/* Adds the blocks of the data from START to END to HASH; false with errno. */
static bool hash_data(int file, off_t start, off_t end, uint64_t *hash)
{
  static char buffer[64 * CONTENT_BLOCK];
  while (start < end) {
    size_t wanted = end - start < (off_t) sizeof buffer ? (size_t) (end - start) : sizeof buffer;
    ssize_t got = pread(file, buffer, wanted, start);
    if (got <= 0)
      return got == 0;
    for (ssize_t done = 0; done < got; done += CONTENT_BLOCK) {
      size_t length = (size_t) (got - done < CONTENT_BLOCK ? got - done : CONTENT_BLOCK);
      *hash += hash_block(buffer + done, length, (uint64_t) (start + done) / CONTENT_BLOCK);
    }
    start += got;
  }
  return true;
}

static bool hash_file(int file, off_t size, uint64_t *hash)
{
  off_t start = 0, end;
  for (*hash = 0; start < size; start = end) {
    start = lseek(file, start, SEEK_DATA);
    if (start == -1 && errno == ENXIO)
      return true;
    end = start == -1 ? -1 : lseek(file, start, SEEK_HOLE);
    if (end == -1)
      return false;
    start -= start % CONTENT_BLOCK;
    end += (CONTENT_BLOCK - end % CONTENT_BLOCK) % CONTENT_BLOCK;
    if (!hash_data(file, start, end < size ? end : size, hash))
      return false;
  }
  return true;
}

/* Extents whose bytes are those of the file. */
static bool is_plain(const struct fiemap_extent *extent, const struct device_content *device)
{
  const uint32_t plain = FIEMAP_EXTENT_LAST | FIEMAP_EXTENT_UNWRITTEN | FIEMAP_EXTENT_MERGED
                       | FIEMAP_EXTENT_SHARED;
  return (extent->fe_flags & ~plain) == 0
      && (extent->fe_logical | extent->fe_physical | extent->fe_length) % CONTENT_BLOCK == 0
      && extent->fe_physical <= device->size
      && extent->fe_length <= device->size - extent->fe_physical;
}

static void hash_extent(const struct fiemap_extent *extent, const struct device_content *device,
                        uint64_t size, uint64_t *hash)
{
  uint64_t end = extent->fe_logical + extent->fe_length;
  const char *bytes = device->bytes + extent->fe_physical - extent->fe_logical;
  if (extent->fe_flags & FIEMAP_EXTENT_UNWRITTEN)
    return;
  for (uint64_t start = extent->fe_logical; start < end && start < size; start += CONTENT_BLOCK) {
    uint64_t length = size - start < CONTENT_BLOCK ? size - start : CONTENT_BLOCK;
    *hash += hash_block(bytes + start, length, start / CONTENT_BLOCK);
  }
}

/* What is not the file's bytes on the disk is for the filesystem to read. */
static bool is_kept_as_it_is(int file)
{
  const uint64_t other = STATX_ATTR_COMPRESSED | STATX_ATTR_ENCRYPTED | STATX_ATTR_VERITY;
  struct statx status;
  return statx(file, "", AT_EMPTY_PATH, 0, &status) == 0 && !(status.stx_attributes & other);
}

/* False if the filesystem does not tell where all of the file is.  FIEMAP walks the
 * same extents as a read, and fails where that would fail. */
static bool hash_on_device(int file, uint64_t size, const struct device_content *device,
                           uint64_t *hash)
{
  enum { EXTENTS = 128 };
  static union {
    struct fiemap map;
    char room[sizeof(struct fiemap) + EXTENTS * sizeof(struct fiemap_extent)];
  } answer;
  if (!is_kept_as_it_is(file))
    return false;
  *hash = 0;
  for (uint64_t start = 0; start < size;) {
    answer.map = (struct fiemap) { .fm_start = start,
                                   .fm_length = FIEMAP_MAX_OFFSET - start,
                                   .fm_flags = FIEMAP_FLAG_SYNC,
                                   .fm_extent_count = EXTENTS };
    if (ioctl(file, FS_IOC_FIEMAP, &answer.map) == -1)
      return false;
    if (answer.map.fm_mapped_extents == 0)
      return true;
    const struct fiemap_extent *extent = answer.map.fm_extents;
    for (uint32_t i = 0; i < answer.map.fm_mapped_extents; i++, extent++) {
      if (!is_plain(extent, device) || extent->fe_logical < start)
        return false;
      hash_extent(extent, device, size, hash);
      start = extent->fe_logical + extent->fe_length;
    }
    if (extent[-1].fe_flags & FIEMAP_EXTENT_LAST)
      return true;
  }
  return true;
}

/* A wrong hash could acquit a program: now and then both ways are gone. */
static bool hash_content(int file, off_t size, const struct device_content *device,
                         const char *path, uint64_t *hash)
{
  static unsigned looked;
  uint64_t on_device;
  if (!device || !hash_on_device(file, (uint64_t) size, device, &on_device))
    return hash_file(file, size, hash);
  *hash = on_device;
  if (looked++ % READ_TOO != 0)
    return true;
  if (!hash_file(file, size, hash))
    return false;
  if (*hash != on_device)
    errx(FAILED, "%s does not lie where the filesystem says: this is a fault of powercut", path);
  return true;
}

void describe_content(const char *path, const struct device_content *device, char *content)
{
  struct stat status;
  uint64_t hash;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file != -1 && fstat(file, &status) == 0
      && hash_content(file, status.st_size, device, path, &hash))
    snprintf(content, CONTENT_SIZE, "%lld bytes %016llx", (long long) status.st_size,
             (unsigned long long) hash);
  else
    snprintf(content, CONTENT_SIZE, "unreadable, errno %d", errno);
  if (file != -1)
    close(file);
}
