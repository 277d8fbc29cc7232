/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The image of a state on a loop device, repaired and mounted. */
#include "recovery.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "choice.h"
#include "process.h"
#include "status.h"

/* How much is read ahead; and of a device with more than that on it, on which most is
 * content that nobody reads there, only what mkfs has put first: the tables. */
#define READ_AHEAD (8 << 20)
#define READ_AHEAD_OF_LARGE (1 << 20)

/* What the kernel counts in. */
#define SECTOR 512

/* Sectors that the recovery has written, or that somebody has through its filesystem. */
static void take_back_later(void *context, uint64_t sector, uint64_t count)
{
  struct recovery *recovery = context;
  uint64_t end = (sector + count) * SECTOR;
  for (uint64_t offset = sector * SECTOR / BLOCK * BLOCK;
       offset < end && offset < recovery->recording->about.size; offset += BLOCK) {
    make_stale(&recovery->disk, offset / BLOCK);
    forget_block(&recovery->hashes, offset / BLOCK);
  }
}

static bool forget_old_hashes(void *context)
{
  struct recovery *recovery = context;
  return recovery->is_traced && collect_written(&recovery->written, take_back_later, recovery);
}

void open_recovery(struct recovery *recovery, const struct start *start, const char *image,
                   const char *folder, const struct request_format *format)
{
  const struct recording *recording = start->recording;
  *recovery = (struct recovery) { .recording = recording,
                                  .filesystem = find_filesystem(recording->about.filesystem) };
  snprintf(recovery->folder, sizeof recovery->folder, "%s", folder);
  snprintf(recovery->image, sizeof recovery->image, "%s/image", recovery->folder);
  if (mkdir(folder, 0700) == -1 && errno != EEXIST)
    err(FAILED, "cannot make the directory %s", folder);
  if (!copy_file(image, recovery->image))
    errx(FAILED, "cannot copy the image %s", image);
  int file = open(recovery->image, O_RDWR | O_CLOEXEC);
  struct stat status;
  if (file == -1 || fstat(file, &status) == -1)
    err(FAILED, "cannot open %s", recovery->image);
  recovery->is_large = status.st_blocks > READ_AHEAD / SECTOR;
  recovery->needs_fsck = must_be_repaired(recovery->filesystem, recovery->image);
  recovery->disk = open_disk(start, file);
  recovery->device = open_device(recovery->image, false);
  recovery->hashes = open_hashes(recovery->disk.shown, recording->about.size);
  recovery->disk.contents = &recovery->hashes;
  /* e2fsck writes to the image, and not to the device. */
  recovery->is_traced = !recovery->needs_fsck
                     && open_written(&recovery->written, format, &recovery->device);
  recovery->content = (struct device_content) { .bytes = recovery->disk.shown,
                                                .size = recording->about.size,
                                                .hashes = &recovery->hashes,
                                                .forget_old_hashes = forget_old_hashes,
                                                .context = recovery };
}

/* e2fsck's status: 1 and 2 are errors that it has corrected, 4 and 8 those that
 * it has not; the others are not of the image. */
static bool fsck(const char *image)
{
  const char *const words[] = { "e2fsck", "-f", "-y", image, NULL };
  int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nothing == -1)
    err(FAILED, "cannot open /dev/null");
  int status = run_program(words, nothing);
  close(nothing);
  if (status >= 16 && status < 128)
    errx(FAILED, "e2fsck cannot be run: its status is %d", status);
  return status < 4;
}

/* What is on the device, into the kernel's cache of it: few large requests here
 * instead of many small ones while the tree is read. */
static void read_ahead(const struct recovery *recovery)
{
  static char buffer[1 << 20];
  uint64_t start = 0, count, left = recovery->is_large ? READ_AHEAD_OF_LARGE : READ_AHEAD;
  for (left /= BLOCK; left > 0; start += count, left -= count) {
    count = find_used(&recovery->disk, &start,
                      left < sizeof buffer / BLOCK ? left : sizeof buffer / BLOCK);
    if (count == 0)
      return;
    if (pread(recovery->device.descriptor, buffer, count * BLOCK, (off_t) (start * BLOCK)) == -1)
      err(FAILED, "cannot read %s", recovery->device.path);
  }
}

bool mount_state(struct recovery *recovery, const struct state *state, char *difference)
{
  move_disk(&recovery->disk, state->position);
  show_image(&recovery->disk, state->choice);
  if (recovery->needs_fsck && !fsck(recovery->image)) {
    snprintf(difference, DIFFERENCE_SIZE, "e2fsck cannot repair the filesystem");
    return false;
  }
  forget_device_cache(&recovery->device);
  if (strncmp(recovery->filesystem->type, "ext", 3) == 0)
    read_ahead(recovery);
  if (mount_filesystem(recovery->filesystem, recovery->device.path,
                       recovery->recording->about.mount_options, recovery->folder,
                       &recovery->mounted))
    return true;
  snprintf(difference, DIFFERENCE_SIZE, "the filesystem cannot be mounted: %s", strerror(errno));
  return false;
}

const struct device_content *content_of(const struct recovery *recovery)
{
  const char *options = recovery->recording->about.mount_options;
  return tells_where_content_is(recovery->filesystem, options) ? &recovery->content : NULL;
}

void undo_state(struct recovery *recovery, bool mounted)
{
  if (mounted)
    unmount_filesystem(&recovery->mounted, recovery->device.path);
  if (forget_old_hashes(recovery))
    return;
  restore_image(&recovery->disk);
  if (!recovery->is_traced)
    return;
  forget_all_blocks(&recovery->hashes);
  forget_written(&recovery->written);
}

uint64_t bytes_looked_at(const struct recovery *recovery)
{
  return (recovery->disk.compared + hashed_blocks()) * BLOCK;
}

void close_recovery(struct recovery *recovery)
{
  if (recovery->is_traced)
    close_written(&recovery->written);
  close_device(&recovery->device);
  close_hashes(&recovery->hashes);
  close(recovery->disk.file);
  close_disk(&recovery->disk);
}
