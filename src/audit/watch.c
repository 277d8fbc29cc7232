/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tracer: goes from stop to stop of a process and of all that it starts. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "events.h"
#include "filter.h"
#include "knowers.h"
#include "mappings.h"
#include "notes.h"
#include "tasks.h"
#include "watch.h"

/* No PTRACE_O_EXITKILL: if we die the programs go on. */
static const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE
                          | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;

static pid_t root;
static int status_of_root = -1;
static bool executed, judging;

int root_status(void)
{
  return status_of_root;
}

bool seize(pid_t process)
{
  root = process;
  return ptrace(PTRACE_SEIZE, process, NULL, options) == 0;
}

/* Lets the thread run on, with SIGNAL. */
static void go_on(const struct task *task, int signal)
{
  /* Inside of a call, its end is what we wait for.  A thread that is gone is none to
   * worry about: waitpid tells. */
  ptrace(task->call ? PTRACE_SYSCALL : PTRACE_CONT, task->thread, NULL, (long) signal);
}

/* Whether the stop is by a filter of the program's own: for that there is no tracer, and the
 * kernel would answer the call with ENOSYS. */
static bool refuse_for_theirs(const struct task *task)
{
  unsigned long data;

  return ptrace(PTRACE_GETEVENTMSG, task->thread, NULL, &data) == 0 && data != OUR_FILTER
      && refuse_call(task->thread);
}

static void at_call(struct task *task)
{
  if (refuse_for_theirs(task))
    return;
  if (!judging || !read_registers(task->thread, &task->registers))
    return;
  task->call = find_call(task->registers.arch, task->registers.number);
  if (task->call && !begin_call(task)) {
    leave_place(&task->place);
    leave_place(&task->new_place);
    task->call = NULL;
  }
}

static void at_end_of_call(struct task *task)
{
  if (!task->call)
    return;
  if (judging && read_registers(task->thread, &task->registers))
    end_call(task);
  task->call = NULL;
}

/* A set-id program that has come without its rights, because of NO_NEW_PRIVS. */
static void note_lost_rights(const struct task *task)
{
  char path[64];
  struct stat st;

  snprintf(path, sizeof path, "/proc/%d/exe", (int) task->thread);
  if (rights_are_lost() && stat(path, &st) == 0 && st.st_mode & (S_ISUID | S_ISGID)
      && (st.st_uid != geteuid() || st.st_mode & S_ISGID))
    take_note(RIGHTS_LOST, task->process->command);
}

/* From whichever thread the exec was: only the thread with the process's number is left,
 * and of the caller's former number nobody says that it has ended. */
static void at_exec(struct task *task)
{
  unsigned long former;
  struct task *caller;

  task->call = NULL;
  if (ptrace(PTRACE_GETEVENTMSG, task->thread, NULL, &former) == 0 && (pid_t) former != task->thread
      && (caller = find_task((pid_t) former)))
    lose_task(caller);
  task->process->executed = true;
  leave_mappings(task->process);
  read_command(task->process);
  if (task->process->pid == root)
    executed = true;
  note_lost_rights(task);
}

/* A new process knows what its parent has stored by now. */
static struct task *meet(pid_t thread)
{
  if (!find_task(thread))
    look_at_mappings();
  return meet_task(thread);
}

/* The new one is met while its parent waits: later that may have ended, and the child's
 * own first stop would not show whose it is. */
static void at_birth(const struct task *task)
{
  const struct task *child;
  unsigned long number;

  if (ptrace(PTRACE_GETEVENTMSG, task->thread, NULL, &number) == -1
      || read_status((pid_t) number, "Tgid") <= 0)
    return;
  child = meet((pid_t) number);
  if (child->process != task->process)
    share(task->process, child->process);
}

/* What a stop by an event means.  True if the thread has to stay stopped. */
static bool at_event(struct task *task, int event, int signal)
{
  switch (event) {
    case PTRACE_EVENT_SECCOMP: at_call(task); return false;
    case PTRACE_EVENT_EXEC: at_exec(task); return false;
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE: at_birth(task); return false;
    case PTRACE_EVENT_STOP:
      /* SIGSTOP and its kind: it is the program's to be stopped.  Else it is a new
       * thread's first stop, or SIGCONT. */
      return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
    default: return false;
  }
}

static void at_stop(pid_t thread, int status)
{
  struct task *task = meet(thread);
  int signal = WSTOPSIG(status), event = status >> 16;

  if (event != 0) {
    if (at_event(task, event, signal))
      ptrace(PTRACE_LISTEN, thread, NULL, NULL);
    else
      go_on(task, 0);
  } else if (signal == (SIGTRAP | 0x80)) {
    at_end_of_call(task);
    go_on(task, 0);
  } else {
    go_on(task, signal);
  }
}

/* A process has ended, and whoever waits for it is told so.  By a signal: nothing was
 * promised then. */
static void at_end_of_process(struct process *process, int status)
{
  if (process->pid == root)
    status_of_root = status;
  forget_stacks(process->pid);
  leave_mappings(process);
  if (!hand_over(process) && judging && !WIFSIGNALED(status))
    tell(process, 0, process->pid == root ? "exit status" : "end");
}

static void at_end(pid_t thread, int status)
{
  struct task *task = find_task(thread);
  struct process *process;

  if (!task)
    return;
  process = task->process;
  lose_task(task);
  if (process->pid == thread)
    at_end_of_process(process, status);
}

/* Waits for SIGCHLD or END_WATCH, both of which are blocked. */
static bool wait_for_signal(void)
{
  sigset_t set;
  int signal;

  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, END_WATCH);
  do
    signal = sigwaitinfo(&set, NULL);
  while (signal == -1 && errno == EINTR);
  return signal == SIGCHLD;
}

/* Deals with all stops there are.  False if nobody is left. */
static bool deal_with_stops(void)
{
  int status;
  pid_t thread;

  while ((thread = waitpid(-1, &status, __WALL | WNOHANG)) > 0) {
    if (WIFSTOPPED(status))
      at_stop(thread, status);
    else
      at_end(thread, status);
  }
  return thread == 0 || errno == EINTR;
}

bool watch(pid_t process)
{
  root = process;
  judging = true;
  meet_task(root);
  note_given(root);
  while (deal_with_stops())
    if (!wait_for_signal()) {
      for (size_t i = 0; i < process_count; i++)
        if (processes[i]->alive)
          take_note(STILL_RUNNING, processes[i]->command);
      break;
    }
  return executed;
}

void see_off(void)
{
  judging = false;
  while (deal_with_stops())
    wait_for_signal();
}
