/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts programs and waits for them. */
#include "command.h"
#include <err.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(void)
{
  pid_t child = fork();
  if (child == -1)
    err(2, "cannot start a process");
  return child;
}

static int wait_for(pid_t child)
{
  int status;
  if (waitpid(child, &status, 0) == -1)
    err(2, "cannot wait for a process");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void become(const char *const words[], int input, int output)
{
  if ((input != -1 && dup2(input, 0) == -1) ||
      (output != -1 && (dup2(output, 1) == -1 || dup2(output, 2) == -1)))
    err(126, "cannot redirect %s", words[0]);
  execvp(words[0], (char *const *) words);
  err(127, "cannot run %s", words[0]);
}

int run_program(const char *const words[], int output)
{
  pid_t child = start();
  if (child == 0)
    become(words, -1, output);
  return wait_for(child);
}

/* A fork into a namespace of processes.  None of mounts: the kernel may let go of
 * its copy of the filesystem's mount later than of the processes. */
static pid_t start_apart(void)
{
  struct clone_args arguments = {.flags = CLONE_NEWPID, .exit_signal = SIGCHLD};
  pid_t child = (pid_t) syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == -1)
    err(2, "cannot start a process in a namespace of its own");
  return child;
}

/* The first process of the namespace only waits: the kernel gives it no signal
 * by default, which a command may mean to send itself, and ends all others when
 * it ends. */
int run_command(const char *command, const char *folder, int input, int output)
{
  const char *const words[] = {"/bin/sh", "-c", command, NULL};
  pid_t first = start_apart();
  if (first != 0)
    return wait_for(first);
  if (chdir(folder) == -1)
    err(126, "cannot go to %s", folder);
  pid_t child = start();
  if (child == 0)
    become(words, input, output);
  _exit(wait_for(child));
}

bool copy_file(const char *from, const char *to)
{
  const char *const words[] = {"cp", "--sparse=always", from, to, NULL};
  return run_program(words, -1) == 0;
}
