/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The image of a state on a loop device, repaired and mounted. */
#include "recovery.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct recovery recovery_open(const struct recording *recording, const char *folder)
{
  struct recovery recovery = {.recording = recording,
                              .filesystem = filesystem_find(recording->about.filesystem)};
  char command[3 * 4096];
  snprintf(recovery.folder, sizeof recovery.folder, "%s", folder);
  snprintf(recovery.image, sizeof recovery.image, "%s/image", recovery.folder);
  if (mkdir(folder, 0700) == -1)
    err(2, "cannot make the directory %s", folder);
  snprintf(command, sizeof command, "cp --sparse=always '%s/base' '%s'", recording->folder,
           recovery.image);
  if (system(command) != 0)
    errx(2, "cannot copy the image: %s", command);
  int file = open(recovery.image, O_RDWR | O_CLOEXEC);
  if (file == -1)
    err(2, "cannot open %s", recovery.image);
  recovery.needs_fsck = filesystem_needs_fsck(recovery.filesystem, recovery.image);
  recovery.disk = disk_open(recording, file);
  recovery.device = device_open(recovery.image, false);
  return recovery;
}

/* e2fsck's status: 1 and 2 are errors that it has corrected. */
static bool fsck(const char *image)
{
  char command[4200];
  snprintf(command, sizeof command, "e2fsck -f -y '%s' >/dev/null 2>&1", image);
  int status = system(command);
  return WIFEXITED(status) && WEXITSTATUS(status) < 4;
}

/* What is on the device, into the kernel's cache of it: few large requests here
 * instead of many small ones while the tree is read. */
static void read_ahead(const struct recovery *recovery)
{
  static char buffer[1 << 20];
  off_t end = 0, start;
  while ((start = lseek(recovery->disk.file, end, SEEK_DATA)) != -1) {
    end = lseek(recovery->disk.file, start, SEEK_HOLE);
    for (off_t offset = start; offset < end; offset += (off_t) sizeof buffer)
      if (pread(recovery->device.descriptor, buffer, sizeof buffer, offset) == -1)
        err(2, "cannot read %s", recovery->device.path);
  }
}

bool recovery_mount(struct recovery *recovery, const struct state *state, char *difference)
{
  disk_advance(&recovery->disk, state->position);
  disk_show(&recovery->disk, state->choice);
  if (recovery->needs_fsck && !fsck(recovery->image)) {
    snprintf(difference, DIFFERENCE_SIZE, "e2fsck cannot repair the filesystem");
    return false;
  }
  device_forget(&recovery->device);
  if (strncmp(recovery->filesystem->type, "ext", 3) == 0)
    read_ahead(recovery);
  if (filesystem_mount(recovery->filesystem, recovery->device.path,
                       recovery->recording->about.mount_options, recovery->folder,
                       &recovery->mounted))
    return true;
  snprintf(difference, DIFFERENCE_SIZE, "the filesystem cannot be mounted: %s", strerror(errno));
  return false;
}

void recovery_undo(struct recovery *recovery, bool mounted)
{
  if (mounted)
    filesystem_unmount(&recovery->mounted, recovery->device.path);
  disk_restore_all(&recovery->disk);
}

void recovery_close(struct recovery *recovery)
{
  device_close(&recovery->device);
  close(recovery->disk.file);
  disk_close(&recovery->disk);
}
