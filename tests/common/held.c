/* SPDX-License-Identifier: GPL-2.0-or-later */
/* held COMMAND PROGRAM [ARGUMENT...]: runs PROGRAM, and before each system call
 * CALL of it, or of its children, the shell's COMMAND.
 *
 * The call waits until COMMAND, whose $1 is the process that makes it, has ended:
 * so a test that does something at a certain moment need not guess how long that
 * takes.  CALL is given to the compiler, -DCALL=SYS_fsync. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int listener = -1;

static _Noreturn void fail(const char *what)
{
  fprintf(stderr, "held: %s: %s\n", what, strerror(errno));
  _exit(99);
}

/* The child, which has our memory and our descriptors until it executes PROGRAM:
 * so the listener is ours when its own, which is closed on exec, is gone. */
static int become(void *program)
{
  struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALL, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog whole = { sizeof filter / sizeof *filter, filter };
  char **arguments = program;

  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
    fail("no_new_privs");
  listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                     &whole);
  if (listener == -1)
    fail("seccomp");
  execvp(*arguments, arguments);
  fail(*arguments);
}

static void run(const char *command, pid_t caller)
{
  char number[16];
  pid_t shell;

  snprintf(number, sizeof number, "%d", (int) caller);
  shell = fork();
  if (shell == -1)
    fail("fork");
  if (shell == 0) {
    execl("/bin/sh", "sh", "-c", command, "sh", number, (char *) NULL);
    fail("/bin/sh");
  }
  while (waitpid(shell, NULL, 0) == -1 && errno == EINTR)
    continue;
}

/* The caller may have been killed meanwhile: then there is nobody to answer. */
static void let_one_pass(const char *command)
{
  struct seccomp_notif call = { 0 };
  struct seccomp_notif_resp answer = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == -1)
    return;
  run(command, call.pid);
  answer.id = call.id;
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

int main(int count, char **arguments)
{
  static _Alignas(16) char stack[64 * 1024];
  struct pollfd calls = { .events = POLLIN };
  int status;
  pid_t program, ended = 0;

  if (count < 3)
    return 99;
  program = clone(become, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD,
                  arguments + 2);
  if (program == -1)
    fail("clone");
  calls.fd = listener;
  /* Until nobody is left who could make a call: to Linux before 6.11 somebody is, as
   * long as we have not waited for the program. */
  while (poll(&calls, 1, 100) != -1 && !(calls.revents & (POLLHUP | POLLERR | POLLNVAL))) {
    if (calls.revents & POLLIN)
      let_one_pass(arguments[1]);
    if (!ended)
      ended = waitpid(program, &status, WNOHANG);
  }
  if (!ended)
    waitpid(program, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
