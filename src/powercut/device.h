/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A loop device. */
#ifndef POWERCUT_DEVICE_H
#define POWERCUT_DEVICE_H

#include <stdbool.h>

/* The device goes when DESCRIPTOR and all else that uses it are closed, even if
 * the process is killed. */
struct device {
  int descriptor;
  char path[32];
};

/* The device of the file IMAGE, which has a volatile write cache, so that it is
 * sent flushes.  OVERLAPPING: requests are passed on while others are under way,
 * as far as IMAGE's filesystem allows that.  Exits with CANNOT_RUN_HERE where there
 * are no loop devices. */
struct device open_device(const char *image, bool overlapping);

/* Forgets what the kernel has read of the device, which was changed below it. */
void forget_device_cache(const struct device *device);

void close_device(const struct device *device);

#endif
