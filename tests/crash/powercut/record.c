/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recording of one run. */
#include "record.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "device.h"
#include "filesystem.h"
#include "server.h"

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
  char command[3 * 4096];
  int file = open(paths->base, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file == -1 || ftruncate(file, (off_t) size) == -1)
    err(2, "cannot make the image %s", paths->base);
  close(file);
  filesystem_make(filesystem, arguments, paths->base);
  snprintf(command, sizeof command, "cp --sparse=always '%s' '%s'", paths->base, paths->live);
  if (system(command) != 0)
    errx(2, "cannot copy the image: %s", command);
}

/* In a session of its own: what it leaves behind is ended with it. */
static void run_command(const char *command, const struct mounted *mounted,
                        const struct paths *paths, const char *filesystem)
{
  int status;
  pid_t child = fork();
  if (child == -1)
    err(2, "cannot start \"%s\"", command);
  if (child == 0) {
    setsid();
    setenv("POWERCUT_MARKS", paths->marks, 1);
    setenv("POWERCUT_FS", filesystem, 1);
    if (chdir(mounted->top) == -1 || freopen("/dev/null", "r", stdin) == NULL)
      err(126, "cannot go to %s", mounted->top);
    execl("/bin/sh", "sh", "-c", command, (char *) NULL);
    err(127, "cannot run sh");
  }
  if (waitpid(child, &status, 0) == -1)
    err(2, "cannot wait for \"%s\"", command);
  kill(-child, SIGKILL);
  if (WIFSIGNALED(status))
    errx(2, "\"%s\" was ended by signal %d; nothing was judged", command, WTERMSIG(status));
  if (status != 0)
    errx(2, "\"%s\" failed with status %d; nothing was judged", command, WEXITSTATUS(status));
}

void record(const char *folder, struct about about, const char *mkfs_arguments,
            const char *command)
{
  const struct filesystem *filesystem = filesystem_find(about.filesystem);
  struct paths paths = paths_in(folder);
  struct mounted mounted;
  int status;
  if (mkdir(folder, 0700) == -1 || mkdir(paths.dev, 0700) == -1)
    err(2, "cannot make the directory %s", folder);
  make_images(filesystem, mkfs_arguments, about.size, &paths);
  about.without_journal = filesystem_needs_fsck(filesystem, paths.base);
  char top[4096];
  snprintf(top, sizeof top, "%s/top", folder);
  pid_t server = server_start(folder, top, &about);
  struct device device = device_open(paths.disk, true);
  if (!filesystem_mount(filesystem, device.path, about.mount_options, folder, &mounted))
    err(2, "cannot mount %s with the options \"%s\"", filesystem->type, about.mount_options);
  run_command(command, &mounted, &paths, filesystem->name);
  /* What is written now must not undo anything either: it is in the log too. */
  filesystem_unmount(&mounted, device.path);
  device_close(&device);
  for (int tries = 0; umount2(paths.dev, 0) == -1; tries++) {
    if (errno != EBUSY || tries == 1000)
      err(2, "cannot unmount %s", paths.dev);
    usleep(5000);
  }
  if (waitpid(server, &status, 0) == -1 || status != 0)
    errx(2, "the recording on %s is not usable", filesystem->name);
  unlink(paths.live);
}
