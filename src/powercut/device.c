/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loop devices that go away by themselves. */
#include "device.h"
#include "status.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

void forget_device_cache(const struct device *device)
{
  if (ioctl(device->descriptor, BLKFLSBUF) == -1)
    err(FAILED, "cannot empty the cache of %s", device->path);
}

void close_device(const struct device *device)
{
  close(device->descriptor);
}
