/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page of the device that is in use, and stays so, is not read as it was before the
 * image changed.
 *
 *   stale IMAGE     exits with 0 if what is read is new */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "device.h"

enum { SIZE = 4096 };

static void fill(int image, char with)
{
  char bytes[SIZE];
  memset(bytes, with, sizeof bytes);
  if (pwrite(image, bytes, sizeof bytes, 0) != sizeof bytes)
    err(2, "cannot write");
}

int main(int argc, char **argv)
{
  int pipes[2], image = argc == 2 ? open(argv[1], O_RDWR) : -1;
  char found;
  if (image == -1 || pipe(pipes) == -1)
    err(2, "cannot begin");
  fill(image, 'o');
  struct device device = open_device(argv[1], false);
  /* The pipe holds the page itself until somebody reads it. */
  if (splice(device.descriptor, &(off_t) { 0 }, pipes[1], NULL, SIZE, 0) != SIZE)
    err(2, "no page is in use");
  fill(image, 'n');
  forget_device_cache(&device);
  if (pread(device.descriptor, &found, 1, 0) != 1)
    err(2, "cannot read");
  close_device(&device);
  return found != 'n';
}
