/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loop devices that go away by themselves. */
#include "device.h"
#include "status.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds, at least. */
enum { MOST_TRIES = 60000 };

/* The kernel remembers for each number that somebody had turned the cache off. */
static void turn_cache_on(const struct device *device)
{
  static const char write_back[] = "write back";
  char path[64], found[sizeof write_back] = "";
  snprintf(path, sizeof path, "/sys/block/%s/queue/write_cache", device->path + strlen("/dev/"));
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file == -1 || write(file, write_back, strlen(write_back)) == -1
      || pread(file, found, strlen(write_back), 0) == -1 || strcmp(found, write_back) != 0)
    errx(FAILED, "%s has no write cache, and %s did not turn it on: no flush would be seen",
         device->path, path);
  close(file);
}

struct device open_device(const char *image, bool overlapping)
{
  struct device device;
  struct loop_config config = { .info.lo_flags = LO_FLAGS_AUTOCLEAR };
  if (overlapping)
    config.info.lo_flags |= LO_FLAGS_DIRECT_IO;
  int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
  int file = open(image, O_RDWR | O_CLOEXEC);
  if (control == -1 || file == -1)
    err(FAILED, "cannot make a loop device of %s", image);
  config.fd = (unsigned) file;
  /* Somebody else may be faster to take the free one. */
  do {
    int number = ioctl(control, LOOP_CTL_GET_FREE);
    if (number == -1)
      err(CANNOT_RUN_HERE, "there is no free loop device for %s", image);
    snprintf(device.path, sizeof device.path, "/dev/loop%d", number);
    device.descriptor = open(device.path, O_RDWR | O_CLOEXEC);
    if (device.descriptor == -1)
      err(CANNOT_RUN_HERE, "there is no loop device for %s: %s", image, device.path);
    if (ioctl(device.descriptor, LOOP_CONFIGURE, &config) == 0)
      break;
    if (errno != EBUSY)
      err(FAILED, "cannot make %s a loop device of %s", device.path, image);
    close(device.descriptor);
  } while (true);
  close(file);
  close(control);
  turn_cache_on(&device);
  return device;
}

/* cachestat(2), of Linux 6.5, which libc's headers may not have: the pages in the cache;
 * 0 where it cannot be asked. */
static uint64_t cached_pages(const struct device *device)
{
  enum { CACHESTAT = 451 };
  const struct {
    uint64_t offset, length;
  } all = { 0 };
  struct {
    uint64_t cached, dirty, under_write, evicted, recently_evicted;
  } found = { 0 };
  if (syscall(CACHESTAT, device->descriptor, &all, &found, 0) == -1)
    return 0;
  return found.cached;
}

/* Fails while somebody has opened the device for itself alone. */
static bool set_block_size(const struct device *device, int size)
{
  if (ioctl(device->descriptor, BLKBSZSET, &size) == 0)
    return true;
  if (errno != EBUSY)
    err(FAILED, "cannot empty the cache of %s", device->path);
  return false;
}

/* BLKFLSBUF passes over a page that is in use, which would then be read as it was before
 * the cut.  Another program that looks at all devices (blkid, btrfs device scan) uses it
 * for a moment; ext4 with fast_commit for ever, after a recovery that failed.  Where
 * the block size changes, all pages go (set_blocksize in the kernel's block/bdev.c). */
void forget_device_cache(const struct device *device)
{
  int size;
  if (ioctl(device->descriptor, BLKBSZGET, &size) == -1)
    err(FAILED, "cannot learn the block size of %s", device->path);
  for (int tries = 0; tries < MOST_TRIES; tries++) {
    if (set_block_size(device, size == 512 ? 4096 : 512) && set_block_size(device, size)
        && cached_pages(device) == 0)
      return;
    nanosleep(&(const struct timespec) { .tv_nsec = 1000000 }, NULL);
  }
  errx(FAILED,
       "another program keeps on reading %s: what a cut has left cannot be told from what was "
       "there before",
       device->path);
}

void close_device(const struct device *device)
{
  close(device->descriptor);
}
