/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is written to a loop device is told, all of it, or it is told that something may
 * be missing.
 *
 *   traced IMAGE FOLDER     IMAGE: a file of 8 MiB; FOLDER: a name for a mount
 *
 * Exits with 0 if so, with 77 if the kernel does not trace requests. */
#include <err.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "written.h"

enum { SECTOR = 512, BLOCK = 4096, SECTORS = (8 << 20) / SECTOR, MANY = 20000 };

static bool told[SECTORS];

static void remember(void *context, uint64_t sector, uint64_t count)
{
  (void) context;
  for (uint64_t i = sector; i < sector + count && i < SECTORS; i++)
    told[i] = true;
}

static char *page(char with)
{
  char *bytes = aligned_alloc(BLOCK, BLOCK);
  if (!bytes)
    err(2, "no memory");
  memset(bytes, with, BLOCK);
  return bytes;
}

static void write_block(int file, uint64_t block, char with)
{
  char *bytes = page(with);
  if (pwrite(file, bytes, BLOCK, (off_t) block * BLOCK) != BLOCK)
    err(2, "cannot write");
  free(bytes);
}

/* Only COUNT blocks from BLOCK on were told of. */
static void expect(uint64_t block, uint64_t count)
{
  for (uint64_t i = 0; i < SECTORS; i++)
    if (told[i] != (i * SECTOR / BLOCK >= block && i * SECTOR / BLOCK < block + count))
      errx(1, "sector %llu was %stold", (unsigned long long) i, told[i] ? "" : "not ");
  memset(told, 0, sizeof told);
}

int main(int argc, char **argv)
{
  if (argc != 3)
    errx(2, "expected IMAGE and FOLDER");
  struct device device = open_device(argv[1], false);
  struct request_format format = find_request_format(argv[2]);
  struct written written;
  if (format.event == 0)
    return 77;
  if (!open_written(&written, &format, &device))
    errx(2, "the device cannot be watched");
  int direct = open(device.path, O_RDWR | O_DIRECT), cached = open(device.path, O_RDWR);

  if (!collect_written(&written, remember, NULL))
    errx(1, "something may have been written, and nothing was");
  expect(0, 0);

  write_block(direct, 5, 'a');
  if (!collect_written(&written, remember, NULL))
    errx(1, "a write may be missing");
  expect(5, 1);

  write_block(cached, 100, 'a');
  write_block(cached, 101, 'a');
  if (fsync(cached) == -1 || !collect_written(&written, remember, NULL))
    errx(1, "a write that was flushed may be missing");
  expect(100, 2);

  if (fallocate(direct, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 200 * BLOCK, 50 * BLOCK) == -1
      || !collect_written(&written, remember, NULL))
    errx(1, "a discard may be missing");
  expect(200, 50);

  /* More than the kernel keeps for us, unless many processors share them. */
  for (int i = 0; i < MANY; i++)
    write_block(direct, (uint64_t) (i % 64), 'b');
  if (collect_written(&written, remember, NULL))
    expect(0, 64);
  /* The kernel tells of what it had no room for with the next request. */
  forget_written(&written);
  write_block(direct, 7, 'c');
  collect_written(&written, remember, NULL);
  forget_written(&written);
  memset(told, 0, sizeof told);
  write_block(direct, 7, 'c');
  if (!collect_written(&written, remember, NULL))
    errx(1, "a write may be missing after others were");
  expect(7, 1);
  close_written(&written);
  return 0;
}
