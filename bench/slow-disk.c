/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slow-disk MOUNTPOINT MEGABYTES MICROSECONDS
 *
 * A FUSE filesystem of one file, "disk", held in memory, whose fsync takes that
 * long: a loop device on it is a disk with a write cache, whose flush takes as
 * long as one says.  Ends when it is unmounted. */
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fuse.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static int memory;
static off_t disk_size;
static struct timespec flush_time;

static bool is_disk(const char *path)
{
  return strcmp(path, "/disk") == 0;
}

static int get_attributes(const char *path, struct stat *st, struct fuse_file_info *info)
{
  (void) info;
  memset(st, 0, sizeof *st);
  st->st_nlink = 1;
  if (is_disk(path)) {
    st->st_mode = S_IFREG | 0600;
    st->st_size = disk_size;
    return 0;
  }
  st->st_mode = S_IFDIR | 0700;
  return strcmp(path, "/") == 0 ? 0 : -ENOENT;
}

static int open_disk(const char *path, struct fuse_file_info *info)
{
  info->direct_io = 1;
  return is_disk(path) ? 0 : -ENOENT;
}

static int read_disk(const char *path, char *bytes, size_t size, off_t at,
                     struct fuse_file_info *info)
{
  ssize_t done = pread(memory, bytes, size, at);

  (void) path, (void) info;
  return done == -1 ? -errno : done;
}

static int write_disk(const char *path, const char *bytes, size_t size, off_t at,
                      struct fuse_file_info *info)
{
  ssize_t done = pwrite(memory, bytes, size, at);

  (void) path, (void) info;
  return done == -1 ? -errno : done;
}

/* The kernel rounds a thread's sleep by its slack, 50 microseconds if nobody
 * says otherwise. */
static int flush_disk(const char *path, int only_data, struct fuse_file_info *info)
{
  (void) path, (void) only_data, (void) info;
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  return nanosleep(&flush_time, NULL) == -1 ? -errno : 0;
}

int main(int count, char **arguments)
{
  static const struct fuse_operations operations = {
    .getattr = get_attributes,
    .open = open_disk,
    .read = read_disk,
    .write = write_disk,
    .fsync = flush_disk,
  };
  char *fuse_arguments[] = { arguments[0], arguments[count > 1], NULL };
  long microseconds;

  if (count != 4) {
    fprintf(stderr, "usage: slow-disk MOUNTPOINT MEGABYTES MICROSECONDS\n");
    return 2;
  }
  disk_size = (off_t) atol(arguments[2]) << 20;
  microseconds = atol(arguments[3]);
  flush_time.tv_sec = microseconds / 1000000;
  flush_time.tv_nsec = microseconds % 1000000 * 1000;
  memory = memfd_create("disk", MFD_CLOEXEC);
  if (memory == -1 || ftruncate(memory, disk_size) == -1) {
    fprintf(stderr, "slow-disk: cannot hold %s MB in memory: %s\n", arguments[2], strerror(errno));
    return 1;
  }
  return fuse_main(2, fuse_arguments, &operations, NULL);
}
