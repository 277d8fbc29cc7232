/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that defers goes on as if nobody had been told: with a breakpoint it stops
 * without a system call, and its tracer makes the mark for it. */
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "marks.h"
#include "traced.h"

/* The child has it at the same address. */
static char unseen[4096];

void mark_unseen(const char *text)
{
  snprintf(unseen, sizeof unseen, "%s", text);
#if defined __x86_64__ || defined __i386__
  __asm__ volatile("int3" ::: "memory");
#else
  errx(77, "cannot run here: no breakpoint is known for this machine");
#endif
}

static void make_mark(pid_t child)
{
  char text[sizeof unseen];
  struct iovec here = { text, sizeof text }, there = { unseen, sizeof unseen };

  if (process_vm_readv(child, &here, 1, &there, 1, 0) != sizeof text)
    err(2, "the mark of process %d cannot be read", (int) child);
  write_mark(text, strlen(text));
}

static bool is_breakpoint(pid_t child, int signal)
{
  siginfo_t info;

  return signal == SIGTRAP && ptrace(PTRACE_GETSIGINFO, child, NULL, &info) == 0
      && info.si_code > 0;
}

/* Returns the exit status of CHILD. */
static int watch(pid_t child)
{
  int status, signal;

  for (;;) {
    if (waitpid(child, &status, 0) == -1)
      err(2, "cannot wait for process %d", (int) child);
    if (!WIFSTOPPED(status))
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    signal = WSTOPSIG(status);
    if (is_breakpoint(child, signal)) {
      make_mark(child);
      signal = 0;
    }
    if (ptrace(PTRACE_CONT, child, NULL, (long) signal) == -1)
      err(2, "process %d cannot go on", (int) child);
  }
}

void go_on_traced(void)
{
  pid_t child = fork();

  if (child == -1)
    err(2, "cannot fork");
  if (child > 0)
    _exit(watch(child));
  if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
    err(2, "cannot be traced");
}
