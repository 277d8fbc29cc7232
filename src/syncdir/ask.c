/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that is run for what it prints. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"

/* The library's settings could switch it off, and LD_DEBUG makes the loader print. */
static bool is_kept(const char *variable, bool secure)
{
  return strncmp(variable, "SYNCDIR", 7) != 0 && strncmp(variable, "LD_PRELOAD=", 11) != 0
      && strncmp(variable, "LD_DEBUG", 8) != 0 && !(secure && strncmp(variable, "LD_", 3) == 0);
}

/* Our environment, with SETTING instead of its own LD_PRELOAD. */
static char **environment_with(char *setting)
{
  size_t count = 0, used = 0;
  char **kept;

  while (environ[count])
    count++;
  kept = malloc((count + 2) * sizeof *kept);
  if (!kept)
    return NULL;
  for (size_t i = 0; i < count; i++)
    if (is_kept(environ[i], !setting))
      kept[used++] = environ[i];
  if (setting)
    kept[used++] = setting;
  kept[used] = NULL;
  return kept;
}

/* Runs COMMAND, both its outputs going into OUT. */
static int spawn(pid_t *pid, char *const command[], char *setting, int out)
{
  posix_spawn_file_actions_t actions;
  char **environment = environment_with(setting);
  int error;

  if (!environment)
    return ENOMEM;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
  error = posix_spawn(pid, *command, &actions, NULL, command, environment);
  posix_spawn_file_actions_destroy(&actions);
  free(environment);
  return error;
}

/* Reads to the end, so that the program does not wait.  False if it did not fit; the rest
 * is lost. */
static bool read_all(int fd, char *text, size_t size)
{
  char rest[4096];
  size_t length = 0;
  ssize_t got = 1;
  bool whole = true;

  while (got > 0 || (got == -1 && errno == EINTR)) {
    bool fits = length < size - 1;

    got = read(fd, fits ? text + length : rest, fits ? size - 1 - length : sizeof rest);
    if (fits && got > 0)
      length += got;
    whole &= fits || got <= 0;
  }
  text[length] = '\0';
  return whole;
}

int ask(char *const command[], const char *preload, char *answer, size_t size)
{
  char *setting = NULL;
  int ends[2], error;
  pid_t pid;

  *answer = '\0';
  if (preload && asprintf(&setting, "LD_PRELOAD=%s", preload) == -1)
    return ENOMEM;
  error = pipe2(ends, O_CLOEXEC) == -1 ? errno : 0;
  if (error == 0) {
    error = spawn(&pid, command, setting, ends[1]);
    close(ends[1]);
    if (error == 0 && !read_all(ends[0], answer, size))
      error = EMSGSIZE;
    close(ends[0]);
    while ((error == 0 || error == EMSGSIZE) && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
      ;
  }
  free(setting);
  return error;
}
