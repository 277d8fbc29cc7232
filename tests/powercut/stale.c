/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page of the device, as another program uses it, is not read as it was before the
 * image changed.
 *
 *   stale IMAGE     exits with 0 if what is read is new */
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"

enum { SIZE = 4096 };

/* Uses the first page of DEVICE, writes into READY when it does, and ends. */
static void use_page(const char *device, int ready)
{
  int file = open(device, O_RDONLY);
  const volatile char *page = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, file, 0);
  if (page == MAP_FAILED || page[0] != 'o' || write(ready, "", 1) != 1)
    _exit(1);
  nanosleep(&(const struct timespec) { .tv_nsec = 300000000 }, NULL);
  _exit(0);
}

static void fill(int image, char with)
{
  char bytes[SIZE];
  memset(bytes, with, sizeof bytes);
  if (pwrite(image, bytes, sizeof bytes, 0) != sizeof bytes)
    err(2, "cannot write");
}

int main(int argc, char **argv)
{
  int pipes[2], status, image = argc == 2 ? open(argv[1], O_RDWR) : -1;
  char found;
  if (image == -1 || pipe(pipes) == -1)
    err(2, "cannot begin");
  fill(image, 'o');
  struct device device = open_device(argv[1], false);
  pid_t user = fork();
  if (user == 0)
    use_page(device.path, pipes[1]);
  if (user == -1 || read(pipes[0], &found, 1) != 1)
    err(2, "nobody uses the device");
  fill(image, 'n');
  forget_device_cache(&device);
  if (pread(device.descriptor, &found, 1, 0) != 1)
    err(2, "cannot read %s", device.path);
  if (waitpid(user, &status, 0) != user || status != 0)
    errx(2, "nobody has used the device");
  return found != 'n';
}
