/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The threads and processes that are watched. */
#include <search.h>
#include <stdlib.h>

#include "knowers.h"
#include "memory.h"
#include "stack.h"
#include "tasks.h"

struct process **processes;
size_t process_count;

static void *tasks;
static size_t count;

static int compare(const void *left, const void *right)
{
  const struct task *a = left, *b = right;

  return (a->thread > b->thread) - (a->thread < b->thread);
}

struct task *find_task(pid_t thread)
{
  const struct task key = { .thread = thread };
  struct task **found = tfind(&key, &tasks, compare);

  return found ? *found : NULL;
}

size_t task_count(void)
{
  return count;
}

struct process *find_process(pid_t pid)
{
  for (size_t i = 0; i < process_count; i++)
    if (processes[i]->alive && processes[i]->pid == pid)
      return processes[i];
  return NULL;
}

void read_command(struct process *process)
{
  forget_stacks(process->pid);
  read_command_line(process->pid, process->command, sizeof process->command);
}

/* A child knows what its parent knew: it was made after that. */
static struct process *meet_process(pid_t pid)
{
  struct process *process = allocate(sizeof *process);

  process->pid = pid;
  process->alive = true;
  process->parent = find_process((pid_t) read_status(pid, "PPid"));
  read_command(process);
  processes = grow(processes, process_count, sizeof *processes);
  processes[process_count++] = process;
  if (process->parent) {
    process->shares_memory = process->parent->shares_memory;
    share(process->parent, process);
  }
  return process;
}

struct task *meet_task(pid_t thread)
{
  struct task *task = find_task(thread);
  pid_t pid;

  if (task)
    return task;
  pid = (pid_t) read_status(thread, "Tgid");
  task = allocate(sizeof *task);
  task->thread = thread;
  task->place.directory = task->new_place.directory = -1;
  task->process = find_process(pid > 0 ? pid : thread);
  if (!task->process)
    task->process = meet_process(pid > 0 ? pid : thread);
  remember(&tasks, task, compare);
  count++;
  return task;
}

void lose_task(struct task *task)
{
  leave_place(&task->place);
  leave_place(&task->new_place);
  tdelete(task, &tasks, compare);
  free(task);
  count--;
}
