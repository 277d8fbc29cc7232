/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts programs and waits for them. */
#include "process.h"
#include "status.h"
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(void)
{
  pid_t child = fork();
  if (child == -1)
    err(FAILED, "cannot start a process");
  return child;
}

static int wait_for(pid_t child)
{
  int status;
  if (waitpid(child, &status, 0) == -1) {
    if (errno == EINTR)
      return 128 + SIGTERM;
    err(FAILED, "cannot wait for a process");
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void become(const char *const words[], int input, int output)
{
  if ((input != -1 && dup2(input, 0) == -1)
      || (output != -1 && (dup2(output, 1) == -1 || dup2(output, 2) == -1)))
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

/* Ends the children that are left, and the orphans that become ours by that.  The
 * kernel lists them if it was built with CONFIG_PROC_CHILDREN. */
static void end_descendants(void)
{
  do {
    FILE *children = fopen("/proc/thread-self/children", "re");
    int child;
    if (!children)
      return;
    while (fscanf(children, "%d", &child) == 1)
      kill(child, SIGKILL);
    fclose(children);
  } while (waitpid(-1, NULL, 0) != -1);
}

/* Interrupts wait_for. */
static void wake(int signal)
{
  (void) signal;
}

/* What the command leaves behind, even in a session of its own, ends with it: it
 * is adopted by a process that only waits.  A namespace of processes would do
 * that too, but /proc would tell of others in it. */
int run_command(const char *command, const char *folder, int input, int output)
{
  const char *const words[] = { "/bin/sh", "-c", command, NULL };
  pid_t ours = getpid(), keeper = start();
  if (keeper != 0)
    return wait_for(keeper);
  if (chdir(folder) == -1)
    err(126, "cannot go to %s", folder);
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1 || prctl(PR_SET_PDEATHSIG, SIGTERM) == -1
      || sigaction(SIGTERM, &(struct sigaction) { .sa_handler = wake }, NULL) == -1)
    err(126, "cannot adopt what a command leaves behind");
  /* Killed before prctl, we were not told. */
  if (getppid() != ours)
    _exit(126);
  pid_t child = start();
  if (child == 0)
    become(words, input, output);
  int status = wait_for(child);
  end_descendants();
  _exit(status);
}

bool copy_file(const char *from, const char *to)
{
  const char *const words[] = { "cp", "--sparse=always", from, to, NULL };
  return run_program(words, -1) == 0;
}
