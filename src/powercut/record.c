/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recording of one run. */
#include "record.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "process.h"
#include "device.h"
#include "filesystem.h"
#include "server.h"
#include "common/message.h"
#include "watch.h"
#include "status.h"

/* What must be made below the folder of a recording, and goes with it. */
struct paths {
  char base[4096], live[4096], dev[4096], disk[4096], marks[4096];
};

static struct paths paths_in(const char *folder)
{
  struct paths paths;
  snprintf(paths.base, sizeof paths.base, "%s/base", folder);
  snprintf(paths.live, sizeof paths.live, "%s/live", folder);
  snprintf(paths.dev, sizeof paths.dev, "%s/dev", folder);
  snprintf(paths.disk, sizeof paths.disk, "%s/dev/disk", folder);
  snprintf(paths.marks, sizeof paths.marks, "%s/dev/marks", folder);
  return paths;
}

static void make_images(const struct filesystem *filesystem, const char *arguments, uint64_t size,
                        const struct paths *paths)
{
  int file = open(paths->base, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file == -1 || ftruncate(file, (off_t) size) == -1)
    err(FAILED, "cannot make the image %s", paths->base);
  close(file);
  make_filesystem(filesystem, arguments, paths->base);
  if (!copy_file(paths->base, paths->live))
    errx(FAILED, "cannot copy the image %s", paths->base);
}

static void run(const char *command, const struct mounted *mounted, const struct paths *paths,
                const char *filesystem)
{
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing == -1)
    err(FAILED, "cannot open /dev/null");
  if (setenv("POWERCUT_MARKS", paths->marks, 1) == -1 || setenv("POWERCUT_FS", filesystem, 1) == -1)
    err(FAILED, "cannot set the environment of \"%s\"", command);
  int status = run_command(command, mounted->top, nothing, -1);
  close(nothing);
  if (status != 0)
    die(FAILED, "\"%s\" failed with status %d; nothing was judged", command, status);
}

/* Lets the watcher look at all trees once more, while they are there. */
static void end_marks(const struct paths *paths)
{
  int marks = open(paths->marks, O_WRONLY | O_CLOEXEC);
  if (marks == -1 || write(marks, END_OF_RUN, strlen(END_OF_RUN)) == -1)
    err(FAILED, "cannot end the marks");
  close(marks);
}

/* Of what is mounted on FOLDER; 0 before Linux 5.8, which does not tell. */
static uint64_t mount_id(const char *folder)
{
  struct statx status;
  if (statx(AT_FDCWD, folder, 0, STATX_MNT_ID, &status) == -1)
    err(FAILED, "cannot look at %s", folder);
  return status.stx_mask & STATX_MNT_ID ? status.stx_mnt_id : 0;
}

void record(const char *folder, struct about about, const char *mkfs_arguments, const char *command)
{
  const struct filesystem *filesystem = find_filesystem(about.filesystem);
  struct paths paths = paths_in(folder);
  struct mounted mounted;
  int status;
  if (mkdir(folder, 0700) == -1 || mkdir(paths.dev, 0700) == -1)
    err(FAILED, "cannot make the directory %s", folder);
  make_images(filesystem, mkfs_arguments, about.size, &paths);
  about.without_journal = must_be_repaired(filesystem, paths.base);
  char top[4096];
  snprintf(top, sizeof top, "%s/top", folder);
  pid_t server = start_server(folder, top, &about);
  struct device device = open_device(paths.disk, true);
  if (!mount_filesystem(filesystem, device.path, about.mount_options, folder, &mounted))
    err(FAILED, "cannot mount %s with the options \"%s\"", filesystem->type, about.mount_options);
  uint64_t under_test = mount_id(mounted.top);
  run(command, &mounted, &paths, filesystem->name);
  if (mount_id(mounted.top) != under_test)
    errx(FAILED, "something was mounted over the filesystem under test; nothing was judged");
  end_marks(&paths);
  /* What is written now must not undo anything either: it is in the log too. */
  unmount_filesystem(&mounted, device.path);
  close_device(&device);
  for (int tries = 0; umount2(paths.dev, 0) == -1; tries++) {
    if (errno != EBUSY || tries == 1000)
      err(FAILED, "cannot unmount %s", paths.dev);
    usleep(5000);
  }
  if (waitpid(server, &status, 0) == -1 || status != 0)
    errx(FAILED, "the recording on %s is not usable", filesystem->name);
  unlink(paths.live);
}
