/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The block server: a FUSE filesystem with a disk and a file for marks.  Several
 * threads answer, so that requests overlap as they do on a real device. */
#define FUSE_USE_VERSION 312
#include "server.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <linux/falloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>
#include "log.h"
#include "watch.h"
#include "status.h"

static struct {
  int disk;
  off_t size;
} server;

/* A write stays in flight for a while after its data was taken, in microseconds: a
 * flush that is issued without waiting for it shall be seen to overlap, though it
 * comes to us some 100 us after it was issued.  With at most 200 and no least one
 * write in five had ended by then; with these one in thirty (ext4 without a journal,
 * beside the block layer's own trace).  One write in eight takes much longer: what
 * waits for all others but this one shall be seen. */
#define LEAST_IN_FLIGHT 500
#define MOST_IN_FLIGHT 1000
#define SLOW_IN_FLIGHT 6000

/* Requests that can be under way. */
#define THREADS 16

static void linger(void)
{
  static _Thread_local unsigned seed;
  long most = rand_r(&seed) % 8 == 0 ? SLOW_IN_FLIGHT : MOST_IN_FLIGHT;
  const struct timespec pause = {
    .tv_nsec = (LEAST_IN_FLIGHT + rand_r(&seed) % (most - LEAST_IN_FLIGHT)) * 1000
  };
  nanosleep(&pause, NULL);
}

static bool is_disk(const char *path)
{
  return strcmp(path, "/disk") == 0;
}

static bool is_marks(const char *path)
{
  return strcmp(path, "/marks") == 0;
}

static int serve_getattr(const char *path, struct stat *status, struct fuse_file_info *file)
{
  (void) file;
  *status = (struct stat) { .st_nlink = 1 };
  if (strcmp(path, "/") == 0)
    status->st_mode = S_IFDIR | 0755;
  else if (is_disk(path)) {
    status->st_mode = S_IFREG | 0600;
    status->st_size = server.size;
  } else if (is_marks(path))
    status->st_mode = S_IFREG | 0622;
  else
    return -ENOENT;
  return 0;
}

/* Nothing is cached on the way to us. */
static int serve_open(const char *path, struct fuse_file_info *file)
{
  if (!is_disk(path) && !is_marks(path))
    return -ENOENT;
  file->direct_io = 1;
  return 0;
}

/* What `echo mark >$POWERCUT_MARKS` does first. */
static int serve_truncate(const char *path, off_t size, struct fuse_file_info *file)
{
  (void) size, (void) file;
  return is_marks(path) ? 0 : -EPERM;
}

static int serve_read(const char *path, char *buffer, size_t size, off_t offset,
                      struct fuse_file_info *file)
{
  (void) file;
  if (!is_disk(path))
    return 0;
  ssize_t got = pread(server.disk, buffer, size, offset);
  return got == -1 ? -errno : (int) got;
}

static int serve_write(const char *path, const char *buffer, size_t size, off_t offset,
                       struct fuse_file_info *file)
{
  (void) file;
  if (is_marks(path))
    return take_mark(buffer, size);
  uint32_t start = log_write((uint64_t) offset, size, buffer);
  ssize_t written = pwrite(server.disk, buffer, size, offset);
  int error = errno;
  linger();
  log_end(WRITE_ENDS, start);
  return written == -1 ? -error : (int) written;
}

/* A discard, or the block layer's zeroing. */
static int serve_fallocate(const char *path, int mode, off_t offset, off_t length,
                           struct fuse_file_info *file)
{
  (void) file;
  if (!is_disk(path)
      || (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) != 0)
    return -EOPNOTSUPP;
  uint32_t start = log_write((uint64_t) offset, (uint64_t) length, NULL);
  int result = fallocate(server.disk, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, offset, length);
  int error = errno;
  log_end(WRITE_ENDS, start);
  return result == -1 ? -error : 0;
}

static int serve_fsync(const char *path, int data_only, struct fuse_file_info *file)
{
  (void) data_only, (void) file;
  /* Of the marks it is the program under test's, and reaches no disk. */
  if (is_disk(path))
    log_end(FLUSH_ENDS, log_flush());
  return 0;
}

static const struct fuse_operations operations = {
  .getattr = serve_getattr,
  .open = serve_open,
  .truncate = serve_truncate,
  .read = serve_read,
  .write = serve_write,
  .fallocate = serve_fallocate,
  .fsync = serve_fsync,
};

static int serve(const char *folder, const char *trees, const struct about *about, int ready)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/live", folder);
  server.disk = open(path, O_RDWR | O_CLOEXEC);
  server.size = (off_t) about->size;
  if (server.disk == -1)
    err(FAILED, "cannot open %s", path);
  start_watcher(trees, about);
  open_log(folder, about);
  char *words[] = { "powercut", NULL };
  struct fuse_args arguments = FUSE_ARGS_INIT(1, words);
  struct fuse *fuse = fuse_new(&arguments, &operations, sizeof operations, NULL);
  snprintf(path, sizeof path, "%s/dev", folder);
  if (!fuse || fuse_mount(fuse, path) != 0)
    errx(FAILED, "cannot mount the block server on %s", path);
  /* The filesystem under test will not be mounted here: its unmounting, when all
   * are killed, must not wait for this process in this process. */
  if (unshare(CLONE_NEWNS) == -1 || umount2(path, MNT_DETACH) == -1)
    err(FAILED, "cannot have mounts of our own");
  if (write(ready, "", 1) != 1)
    err(FAILED, "cannot tell that the block server is ready");
  struct fuse_loop_config *threads = fuse_loop_cfg_create();
  fuse_loop_cfg_set_max_threads(threads, THREADS);
  fuse_loop_cfg_set_idle_threads(threads, THREADS);
  fuse_loop_mt(fuse, threads);
  end_watcher();
  close_log();
  return 0;
}

pid_t start_server(const char *folder, const char *trees, const struct about *about)
{
  int ready[2];
  char byte;
  if (pipe(ready) == -1)
    err(FAILED, "cannot make a pipe");
  pid_t server_process = fork();
  if (server_process == -1)
    err(FAILED, "cannot start the block server");
  if (server_process == 0) {
    close(ready[0]);
    exit(serve(folder, trees, about, ready[1]));
  }
  close(ready[1]);
  if (read(ready[0], &byte, 1) != 1)
    errx(FAILED, "the block server did not start");
  close(ready[0]);
  return server_process;
}
