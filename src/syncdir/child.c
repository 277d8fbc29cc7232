/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that is waited for as if it had been executed in place. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

pid_t start_child(void)
{
  sigset_t all, before;
  struct sigaction plain = { .sa_handler = SIG_DFL }, inherited;
  pid_t child;

  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  /* Ignored, it would take the child's status away. */
  sigaction(SIGCHLD, &plain, &inherited);
  child = fork();
  if (child == 0) {
    sigaction(SIGCHLD, &inherited, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
  }
  return child;
}

/* What the terminal sends, it has sent to the child as well. */
static void pass_on(pid_t child, const siginfo_t *signal)
{
  if (signal->si_code == SI_QUEUE)
    sigqueue(child, signal->si_signo, signal->si_value);
  else if (signal->si_code <= 0)
    kill(child, signal->si_signo);
}

int wait_for_child(pid_t child)
{
  sigset_t all;
  siginfo_t signal;
  int status;

  sigfillset(&all);
  for (;;) {
    if (sigwaitinfo(&all, &signal) == -1)
      continue;
    if (signal.si_signo != SIGCHLD) {
      pass_on(child, &signal);
      continue;
    }
    while (waitpid(child, &status, WNOHANG | WUNTRACED) == child) {
      if (!WIFSTOPPED(status))
        return status;
      raise(SIGSTOP);
    }
  }
}

int end_like(int status)
{
  static const struct rlimit no_core = { 0, 0 };
  sigset_t one;

  if (WIFEXITED(status))
    return WEXITSTATUS(status);
  /* The command has left its core, if any. */
  setrlimit(RLIMIT_CORE, &no_core);
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  sigemptyset(&one);
  sigaddset(&one, WTERMSIG(status));
  sigprocmask(SIG_UNBLOCK, &one, NULL);
  return 128 + WTERMSIG(status);
}
