/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handshake: a probe is started as the command would be, and says whether the
 * library answers in it. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "installed.h"
#include "library.h"

/* Settings would make the library silent, and LD_DEBUG the loader talkative. */
static bool is_for_probe(const char *variable)
{
  return strncmp(variable, "SYNCDIR", 7) != 0 && strncmp(variable, "LD_PRELOAD=", 11) != 0
      && strncmp(variable, "LD_DEBUG", 8) != 0;
}

/* Our environment, with PRELOAD instead of its own. */
static char **environment_of_probe(char *preload)
{
  size_t count = 0, used = 0;
  char **probe;

  while (environ[count])
    count++;
  probe = malloc((count + 2) * sizeof *probe);
  if (!probe)
    return NULL;
  for (size_t i = 0; i < count; i++)
    if (is_for_probe(environ[i]))
      probe[used++] = environ[i];
  probe[used++] = preload;
  probe[used] = NULL;
  return probe;
}

/* Runs COMMAND, both its outputs going into OUT. */
static int spawn_probe(pid_t *pid, char *const command[], char *preload, int out)
{
  posix_spawn_file_actions_t actions;
  char **environment = environment_of_probe(preload);
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

/* Reads until the end, or until SIZE is full. */
static void read_all(int fd, char *text, size_t size)
{
  size_t length = 0;
  ssize_t got;

  while ((got = read(fd, text + length, size - 1 - length)) > 0 || (got == -1 && errno == EINTR))
    length += got > 0 ? got : 0;
  text[length] = '\0';
}

/* What the probe says, in ANSWER.  0, or why it could not be asked. */
static int ask_probe(char *const command[], bool secure, char *answer, size_t size)
{
  const char *value = preload_value(secure);
  char *preload;
  int ends[2], error;
  pid_t pid;

  if (!value || asprintf(&preload, "LD_PRELOAD=%s", value) == -1)
    return ENOMEM;
  if (pipe2(ends, O_CLOEXEC) == -1) {
    error = errno;
    free(preload);
    return error;
  }
  error = spawn_probe(&pid, command, preload, ends[1]);
  free(preload);
  close(ends[1]);
  if (error == 0)
    read_all(ends[0], answer, size);
  close(ends[0]);
  while (error == 0 && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
    ;
  return error;
}

struct handshake {
  bool answered, ours;
  char said[1024];         /* by the loader */
};

/* One line of what came from the probe. */
static void take_line(const char *line, struct handshake *hands, struct report *report)
{
  if (strcmp(line, "answered") == 0)
    hands->answered = true;
  else if (strncmp(line, "loaded ", 7) == 0)
    hands->ours |= same_file(line + 7, library_path);
  else if (strncmp(line, "first ", 6) == 0)
    find(report, SAFE, "asked before the library is: %s", line + 6);
  else if (*line && strcmp(line, "silent") != 0 && !*hands->said)
    snprintf(hands->said, sizeof hands->said, "; the loader says: %.900s", line);
}

void shake_hands(struct report *report, const struct library *library, bool secure)
{
  /* In a set-id program the loader asks neither LD_LIBRARY_PATH nor its cache, but
   * the standard directories alone. */
  char *const trusted[] = { (char *) library->loader, "--inhibit-cache", "--library-path", "",
                            (char *) probe_path, NULL };
  char *const plain[] = { (char *) probe_path, report->subject ? "--order" : NULL, NULL };
  const char *name = secure ? bare_name() : library_path;
  struct handshake hands = { 0 };
  char answer[16384];
  int error = ask_probe(secure ? trusted : plain, secure, answer, sizeof answer);
  char *rest = answer;

  if (error) {
    find(report, CANNOT_TELL, "the library cannot be tried, for its probe %s cannot be started: %s; "
         REINSTALL, probe_path, strerror(error));
    return;
  }
  for (char *line; (line = strsep(&rest, "\n")); )
    take_line(line, &hands, report);
  if (hands.answered && hands.ours)
    find(report, SAFE, "handshake: preloaded as %s, the library answers", name);
  else if (hands.answered)
    find(report, UNSAFE, "another syncdir answers in the place of %s%s; take it out of LD_PRELOAD, of "
         "/etc/ld.so.preload and of the loader's directories", library_path, hands.said);
  else
    find(report, UNSAFE, "the library does not answer when it is preloaded as %s%s; " REINSTALL,
         name, hands.said);
}
