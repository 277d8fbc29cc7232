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
#include "hashes.h"
#include "status.h"
#include "unreadable.h"

#define CONTENT_BLOCK HASHED_BLOCK

/* Looking is held against reading for one file of so many, in a part of this size. */
#define READ_TOO 64
#define READ_AT_ONCE (64 * CONTENT_BLOCK)

/* What is shorter is hashed again sooner than it is found out whether it was written. */
#define SHORT (16 * CONTENT_BLOCK)

/* A part of a file, in whole blocks but for the file's end. */
struct span {
  uint64_t start, end;
};

/* Adds the blocks of the data from START to END to HASH; false with errno. */
static bool hash_data(int file, off_t start, off_t end, uint64_t *hash)
{
  static char buffer[READ_AT_ONCE];
  while (start < end) {
    size_t wanted = end - start < (off_t) sizeof buffer ? (size_t) (end - start) : sizeof buffer;
    ssize_t got = pread(file, buffer, wanted, start);
    if (got <= 0)
      return got == 0;
    for (ssize_t done = 0; done < got; done += CONTENT_BLOCK) {
      size_t length = (size_t) (got - done < CONTENT_BLOCK ? got - done : CONTENT_BLOCK);
      *hash += hash_one(buffer + done, length, (uint64_t) (start + done) / CONTENT_BLOCK);
    }
    start += got;
  }
  return true;
}

static bool hash_by_reading(int file, struct span span, uint64_t *hash)
{
  off_t start = (off_t) span.start, size = (off_t) span.end, end;
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
      && (extent->fe_logical | extent->fe_physical | extent->fe_length) % HASHED_PART == 0
      && extent->fe_physical <= device->size
      && extent->fe_length <= device->size - extent->fe_physical;
}

/* The blocks of a file that are looked at on the device. */
struct sum {
  const struct device_content *device;
  bool is_current; /* the device's hashes can be used */
  struct span span;
  uint64_t hash;
  uint64_t number; /* of a block that lies in several extents, or is the last one, */
  bool has_parts;
  char parts[CONTENT_BLOCK]; /* and all of it that was seen */
};

static void add_parts(struct sum *sum)
{
  uint64_t start = sum->number * CONTENT_BLOCK, left = sum->span.end - start;
  if (sum->has_parts)
    sum->hash += hash_one(sum->parts, left < CONTENT_BLOCK ? left : CONTENT_BLOCK, sum->number);
  sum->has_parts = false;
}

/* Returns how many bytes were added: to the end of a block at most. */
static uint64_t add_part(struct sum *sum, uint64_t start, uint64_t physical, uint64_t length)
{
  uint64_t within = start % CONTENT_BLOCK;
  if (length > CONTENT_BLOCK - within)
    length = CONTENT_BLOCK - within;
  if (!sum->has_parts || sum->number != start / CONTENT_BLOCK) {
    add_parts(sum);
    memset(sum->parts, 0, sizeof sum->parts);
    sum->number = start / CONTENT_BLOCK;
    sum->has_parts = true;
  }
  memcpy(sum->parts + within, sum->device->bytes + physical, length);
  return length;
}

/* Returns how many bytes were added. */
static uint64_t add_blocks(struct sum *sum, uint64_t start, uint64_t physical, uint64_t length)
{
  uint64_t number = start / CONTENT_BLOCK, count = length / CONTENT_BLOCK;
  if (sum->is_current)
    sum->hash += hash_blocks(sum->device->hashes, physical, number, count);
  for (uint64_t i = 0; !sum->is_current && i < count; i++)
    sum->hash += hash_one(sum->device->bytes + physical + i * CONTENT_BLOCK, CONTENT_BLOCK,
                          number + i);
  return count * CONTENT_BLOCK;
}

static void add_extent(struct sum *sum, const struct fiemap_extent *extent)
{
  uint64_t start = extent->fe_logical > sum->span.start ? extent->fe_logical : sum->span.start;
  uint64_t end = extent->fe_logical + extent->fe_length;
  if (end > sum->span.end)
    end = sum->span.end;
  if (extent->fe_flags & FIEMAP_EXTENT_UNWRITTEN)
    return;
  while (start < end) {
    uint64_t physical = extent->fe_physical + (start - extent->fe_logical);
    bool is_whole = start % CONTENT_BLOCK == 0 && end - start >= CONTENT_BLOCK;
    start += is_whole ? add_blocks(sum, start, physical, end - start)
                      : add_part(sum, start, physical, end - start);
  }
}

/* What is not the file's bytes on the disk is for the filesystem to read. */
static bool is_kept_as_it_is(int file)
{
  const uint64_t other = STATX_ATTR_COMPRESSED | STATX_ATTR_ENCRYPTED | STATX_ATTR_VERITY;
  struct statx status;
  return statx(file, "", AT_EMPTY_PATH, 0, &status) == 0 && !(status.stx_attributes & other);
}

/* Whether hashes that were remembered can be used for a file of SIZE bytes, all of which
 * is on the device. */
static bool has_current_hashes(const struct device_content *device, uint64_t size)
{
  return device->hashes && size >= SHORT && device->forget_old_hashes(device->context);
}

/* False if the filesystem does not tell where all of the file is.  FIEMAP walks the
 * same extents as a read, and fails where that would fail. */
static bool add_extents(struct sum *sum, int file, uint64_t size)
{
  enum { EXTENTS = 128 };
  static union {
    struct fiemap map;
    char room[sizeof(struct fiemap) + EXTENTS * sizeof(struct fiemap_extent)];
  } answer;
  for (uint64_t start = sum->span.start; start < sum->span.end;) {
    answer.map = (struct fiemap) { .fm_start = start,
                                   .fm_length = sum->span.end - start,
                                   .fm_flags = FIEMAP_FLAG_SYNC,
                                   .fm_extent_count = EXTENTS };
    if (ioctl(file, FS_IOC_FIEMAP, &answer.map) == -1)
      return false;
    if (answer.map.fm_mapped_extents == 0)
      return true;
    /* What was on its way to the device is there now. */
    sum->is_current = has_current_hashes(sum->device, size);
    const struct fiemap_extent *extent = answer.map.fm_extents;
    for (uint32_t i = 0; i < answer.map.fm_mapped_extents; i++, extent++) {
      if (!is_plain(extent, sum->device) || extent->fe_logical + extent->fe_length <= start)
        return false;
      add_extent(sum, extent);
      start = extent->fe_logical + extent->fe_length;
    }
    if (extent[-1].fe_flags & FIEMAP_EXTENT_LAST)
      return true;
  }
  return true;
}

static bool hash_on_device(int file, uint64_t size, struct span span,
                           const struct device_content *device, uint64_t *hash)
{
  struct sum sum = { .device = device, .span = span };
  if (!is_kept_as_it_is(file) || !add_extents(&sum, file, size))
    return false;
  add_parts(&sum);
  *hash = sum.hash;
  return true;
}

/* A wrong hash could acquit a program: now and then a part of a file is hashed in both
 * ways. */
static bool agrees_with_reading(int file, uint64_t size, const struct device_content *device,
                                bool *agrees)
{
  static unsigned looked;
  struct span span = { 0, size };
  uint64_t on_device, by_reading;
  *agrees = true;
  if (looked++ % READ_TOO != 0)
    return true;
  if (size > READ_AT_ONCE) {
    span.start = looked / READ_TOO * (uint64_t) READ_AT_ONCE % (size - READ_AT_ONCE);
    span.start -= span.start % CONTENT_BLOCK;
    span.end = span.start + READ_AT_ONCE;
  }
  if (!hash_on_device(file, size, span, device, &on_device)
      || !hash_by_reading(file, span, &by_reading))
    return false;
  *agrees = on_device == by_reading;
  return true;
}

static bool hash_content(int file, uint64_t size, const struct device_content *device,
                         const char *path, uint64_t *hash)
{
  const struct span all = { 0, size };
  bool agrees;
  if (!device || !hash_on_device(file, size, all, device, hash))
    return hash_by_reading(file, all, hash);
  if (!agrees_with_reading(file, size, device, &agrees))
    return false;
  if (!agrees)
    errx(FAILED, "%s does not lie where the filesystem says: this is a fault of powercut", path);
  return true;
}

void describe_content(const char *path, const struct device_content *device, char *content)
{
  struct stat status;
  uint64_t hash;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file != -1 && fstat(file, &status) == 0
      && hash_content(file, (uint64_t) status.st_size, device, path, &hash))
    snprintf(content, CONTENT_SIZE, "%lld bytes %016llx", (long long) status.st_size,
             (unsigned long long) hash);
  else
    snprintf(content, CONTENT_SIZE, UNREADABLE "errno %d", errno);
  if (file != -1)
    close(file);
}
