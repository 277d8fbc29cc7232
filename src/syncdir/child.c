/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that is waited for as if it had been executed in place. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"

/* Alarms outlive exec and not fork: those that are under way go over to the child. */
enum { TIMERS = 3 };
static const int timers[TIMERS] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };

static void take_timers(struct itimerval taken[TIMERS])
{
  static const struct itimerval none;

  for (int i = 0; i < TIMERS; i++)
    if (setitimer(timers[i], &none, &taken[i]) == -1)
      memset(&taken[i], 0, sizeof taken[i]);
}

pid_t start_child(void)
{
  sigset_t all, before;
  struct sigaction plain = { .sa_handler = SIG_DFL }, inherited;
  struct itimerval taken[TIMERS];
  pid_t child;

  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  take_timers(taken);
  /* Ignored, it would take the child's status away. */
  sigaction(SIGCHLD, &plain, &inherited);
  child = fork();
  if (child == 0) {
    sigaction(SIGCHLD, &inherited, NULL);
    for (int i = 0; i < TIMERS; i++)
      setitimer(timers[i], &taken[i], NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
  }
  return child;
}

/* Whoever signals the process group signals us and the child, and the child must not
 * get it a second time from us.  Nothing in a signal says to whom it was sent: a witness
 * in the same group, which has all signals blocked, has it pending then.  Younger than
 * we are, it is signalled before us. */
static pid_t start_witness(void)
{
  pid_t parent = getpid(), witness = fork();

  if (witness == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == parent)
      pause();
    _exit(0);
  }
  return witness;
}

static void end_helper(pid_t helper)
{
  if (helper > 0 && kill(helper, SIGKILL) == 0)
    waitpid(helper, NULL, 0);
}

/* What FIELD of /proc/PROCESS/status says; false if there is no such process. */
static bool read_status(pid_t process, const char *field, char value[256])
{
  char path[64], line[256];
  size_t length = strlen(field);
  bool found = false;
  FILE *status;

  snprintf(path, sizeof path, "/proc/%d/status", (int) process);
  status = fopen(path, "re");
  while (status && !found && fgets(line, sizeof line, status))
    found = strncmp(line, field, length) == 0 && line[length] == ':';
  if (status)
    fclose(status);
  if (found)
    strcpy(value, line + length + 1 + strspn(line + length + 1, " \t"));
  return found;
}

static bool was_seen_by(pid_t witness, int signal)
{
  char value[256];
  unsigned long long pending = 0;

  if (read_status(witness, "ShdPnd", value))
    sscanf(value, "%llx", &pending);
  return pending >> (signal - 1) & 1;
}

/* Under a tracer it is "t" at any call as well. */
static bool is_stopped(pid_t process)
{
  char state[256];

  return read_status(process, "State", state) && (*state == 'T' || *state == 't');
}

/* Who is stopped cannot wait for anything, and nobody but its parent hears that a process
 * goes on: this one looks from time to time.  Twice, because a tracer lets a stopped process
 * run for a moment. */
static _Noreturn void wake(pid_t parent, pid_t child)
{
  const struct timespec pause = { .tv_nsec = 50000000 };
  int running = 0;

  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* Whoever stops the group does not mean it. */
  setpgid(0, 0);
  while (getppid() == parent && running < 2) {
    nanosleep(&pause, NULL);
    running = is_stopped(parent) && !is_stopped(child) ? running + 1 : 0;
  }
  if (running)
    kill(parent, SIGCONT);
  _exit(0);
}

/* Stops as CHILD has, so that a shell sees its job stopped; and goes on if CHILD does, for
 * whoever lets it go on need not know of us.  Returns the process whose SIGCONT says so. */
static pid_t stop_like(pid_t child)
{
  pid_t parent = getpid(), waker = fork();

  if (waker == 0)
    wake(parent, child);
  raise(SIGSTOP);
  end_helper(waker);
  return waker;
}

/* What the terminal sends, it has sent to the child as well. */
static void pass_on(pid_t child, const siginfo_t *signal, pid_t *witness)
{
  if (signal->si_code == SI_QUEUE) {
    sigqueue(child, signal->si_signo, signal->si_value);
  } else if (signal->si_code <= 0 && was_seen_by(*witness, signal->si_signo)) {
    end_helper(*witness);
    *witness = start_witness();
  } else if (signal->si_code <= 0) {
    kill(child, signal->si_signo);
  }
}

int wait_for_child(pid_t child)
{
  pid_t witness = start_witness(), waker = -1;
  sigset_t all;
  siginfo_t signal;
  int status;

  sigfillset(&all);
  for (;;) {
    if (sigwaitinfo(&all, &signal) == -1)
      continue;
    if (signal.si_signo != SIGCHLD) {
      if (signal.si_signo != SIGCONT || signal.si_pid != waker)
        pass_on(child, &signal, &witness);
      continue;
    }
    while (waitpid(child, &status, WNOHANG | WUNTRACED) == child) {
      if (!WIFSTOPPED(status)) {
        end_helper(witness);
        return status;
      }
      waker = stop_like(child);
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
