/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes of an audit: we, the command, and the tracer. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "syncdir/child.h"
#include "common/message.h"
#include "filter.h"
#include "syncdir/run.h"
#include "start.h"
#include "status.h"
#include "watch.h"

/* From the tracer to us: first its pid, then the exit status. */
static int verdict[2];

/* Between the command and the tracer: its pid there, an errno back. */
static int handshake[2];

static pid_t tracer;

/* Never in the place of a standard descriptor that we were started without. */
static void make_pair(int pair[2])
{
  int made[2];

  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, made) == -1)
    die(NOT_WATCHED, "socketpair(2) fails: %s", strerror(errno));
  for (int i = 0; i < 2; i++) {
    pair[i] = fcntl(made[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (pair[i] == -1)
      die(NOT_WATCHED, "no descriptor is left: %s", strerror(errno));
    close(made[i]);
  }
}

static bool send_number(int fd, int number)
{
  return send(fd, &number, sizeof number, MSG_NOSIGNAL) == sizeof number;
}

static bool receive_number(int fd, int *number)
{
  ssize_t count;

  do
    count = read(fd, number, sizeof *number);
  while (count == -1 && errno == EINTR);
  return count == sizeof *number;
}

/* The terminal's signals are not for the tracer, and its standard error alone is used. */
static void detach(void)
{
  struct sigaction plain = { .sa_handler = SIG_DFL };
  sigset_t all;
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);

  setsid();
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  sigaction(SIGCHLD, &plain, NULL);
  if (null != -1) {
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
  }
}

static _Noreturn void trace(report_function *report)
{
  int root, error = 0, status = NOT_WATCHED;

  detach();
  close(verdict[0]);
  close(handshake[0]);
  /* It would ask the network while a program stands still. */
  unsetenv("DEBUGINFOD_URLS");
  if (!send_number(verdict[1], getpid()) || !receive_number(handshake[1], &root))
    _exit(NOT_WATCHED);
  if (!seize(root))
    error = errno;
  send_number(handshake[1], error);
  close(handshake[1]);
  if (error == 0)
    status = watch(root) ? report(root_status()) : NOT_STARTED;
  send_number(verdict[1], status);
  close(verdict[1]);
  close(STDERR_FILENO);
  see_off();
  _exit(0);
}

static void start_tracer(report_function *report)
{
  pid_t middle = fork();

  if (middle == -1)
    die(NOT_WATCHED, "no process can be started: %s", strerror(errno));
  if (middle == 0) {
    pid_t child = fork();

    if (child == 0)
      trace(report);
    _exit(child == -1);
  }
  while (waitpid(middle, NULL, 0) == -1 && errno == EINTR)
    ;
  close(verdict[1]);
  close(handshake[1]);
  if (!receive_number(verdict[0], &tracer))
    die(NOT_WATCHED, "the tracer could not be started");
}

/* As execvp(3): what is of no format is a script for the shell. */
static void execute(const char *path, char **command)
{
  char **script;
  size_t count = 0;

  execv(path, command);
  if (errno != ENOEXEC)
    return;
  while (command[count])
    count++;
  script = calloc(count + 2, sizeof *script);
  if (script) {
    script[0] = (char *) "/bin/sh";
    script[1] = (char *) path;
    memcpy(script + 2, command + 1, count * sizeof *script);
    execv(script[0], script);
  }
  errno = ENOEXEC;
}

static _Noreturn void become_command(const char *path, char **command)
{
  int error;

  /* Where Yama is, a process is traced by its ancestors, and by whom it names. */
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  if (!send_number(handshake[0], getpid()) || !receive_number(handshake[0], &error))
    _exit(NOT_WATCHED);
  if (error != 0) {
    complain("the command cannot be watched: ptrace(2): %s", strerror(error));
    _exit(NOT_WATCHED);
  }
  prctl(PR_SET_PTRACER, 0, 0, 0, 0);
  if (!load_filter()) {
    complain("the command cannot be watched: seccomp(2): %s", strerror(errno));
    _exit(NOT_WATCHED);
  }
  execute(path, command);
  error = errno;
  complain("%s cannot be executed: %s", path, strerror(error));
  _exit(error == ENOENT ? NOT_FOUND : CANNOT_EXECUTE);
}

static void ask_for_report(int signal)
{
  (void) signal;
  kill(tracer, END_WATCH);
}

/* The command has ended.  What it has left behind is waited for; a signal means that
 * nobody wants to. */
static void hear_signals(void)
{
  static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
  const struct sigaction ask = { .sa_handler = ask_for_report };
  sigset_t set;

  sigemptyset(&set);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    sigaction(ends[i], &ask, NULL);
    sigaddset(&set, ends[i]);
  }
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* To who sits there and wonders why nothing happens. */
static void explain_wait(const char *command)
{
  enum { PATIENCE = 3000 };
  struct pollfd end = { .fd = verdict[0], .events = POLLIN };

  if (isatty(STDERR_FILENO) && poll(&end, 1, PATIENCE) == 0)
    complain("%s has ended, and processes that it has started have not: the audit goes on until"
             " they end; Ctrl-C prints what was found so far",
             command);
}

int run_audit(const char *path, char **command, report_function *report)
{
  pid_t child;
  int status, result;

  make_pair(verdict);
  make_pair(handshake);
  start_tracer(report);
  child = start_child();
  if (child == -1)
    die(NOT_WATCHED, "no process can be started: %s", strerror(errno));
  if (child == 0)
    become_command(path, command);
  close(handshake[0]);
  status = wait_for_child(child);
  hear_signals();
  explain_wait(command[0]);
  if (!receive_number(verdict[0], &result)) {
    complain("the tracer has ended early; what the command did is not known");
    return NOT_WATCHED;
  }
  return result == NOT_STARTED ? end_like(status) : result;
}
