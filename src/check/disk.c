/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The write cache of the drive below a directory, as far as sysfs shows it. */
#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "disk.h"

/* The first line of FOLDER/NAME. */
static bool read_line(const char *folder, const char *name, char *line, size_t size)
{
  char path[PATH_MAX];
  FILE *file;
  bool read;

  if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int) sizeof path)
    return false;
  file = fopen(path, "re");
  if (!file)
    return false;
  read = fgets(line, size, file) != NULL;
  if (read)
    line[strcspn(line, "\n")] = '\0';
  fclose(file);
  return read;
}

/* DEVICE is a folder of sysfs. */
static void tell_of_drive(struct report *report, const char *device)
{
  char cache[64], file[PATH_MAX];
  const char *name = strrchr(device, '/') + 1;

  if (read_line(device, "loop/backing_file", file, sizeof file))
    note(report, SAFE, "drive: %s is a loop device on %s: check that file's directory too", name,
         file);
  /* A partition has the cache of the drive that it is in. */
  else if (read_line(device, "queue/write_cache", cache, sizeof cache)
           || read_line(device, "../queue/write_cache", cache, sizeof cache))
    note(report, SAFE,
         strcmp(cache, "write back") == 0
           ? "drive: %s has a volatile cache, which the kernel flushes"
           : "drive: %s has no volatile cache, or does not report one",
         name);
}

/* DEVICE, or the devices that it consists of (device-mapper, md). */
static void tell_of(struct report *report, const char *device)
{
  char pattern[PATH_MAX], below[PATH_MAX];
  glob_t slaves;

  if (snprintf(pattern, sizeof pattern, "%s/slaves/*", device) >= (int) sizeof pattern
      || glob(pattern, 0, NULL, &slaves) != 0) {
    tell_of_drive(report, device);
    return;
  }
  for (size_t i = 0; i < slaves.gl_pathc; i++)
    if (realpath(slaves.gl_pathv[i], below))
      tell_of(report, below);
  globfree(&slaves);
}

void tell_cache(struct report *report, int fd, const char *source)
{
  char link[64], device[PATH_MAX];
  struct stat st;
  dev_t number;

  if (fstat(fd, &st) == -1)
    return;
  number = st.st_dev;
  /* btrfs, among others, has no device number of its own. */
  if (major(number) == 0) {
    if (!source || stat(source, &st) == -1 || !S_ISBLK(st.st_mode))
      return;
    number = st.st_rdev;
  }
  snprintf(link, sizeof link, "/sys/dev/block/%u:%u", major(number), minor(number));
  if (realpath(link, device))
    tell_of(report, device);
}
