/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The threads and processes that are watched. */
#ifndef SYNCDIR_AUDIT_TASKS_H
#define SYNCDIR_AUDIT_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "calls.h"
#include "model.h"
#include "tracee.h"
#include "where.h"

/* A thread, and the call that it is in. */
struct task {
  pid_t thread;
  struct process *process;
  const struct call *call; /* from its beginning to its end; else NULL */
  struct registers registers;
  moment began;
  struct place place, new_place;
  struct stat before;   /* what the call removes, or flushes */
  struct stat replaced; /* what a rename replaces, if WAS_THERE */
  bool was_there;       /* of the new name: there was a file of that name before */
  bool blind;           /* what the call is about could not be read */
  bool data_alone;      /* of a flush: that of fdatasync(2) or O_DSYNC */
  int flags;
};

extern struct process **processes;
extern size_t process_count;

/* The task of THREAD; NULL if it is not known. */
struct task *find_task(pid_t thread);

/* The same; a new one with a new process, or one more thread of its process. */
struct task *meet_task(pid_t thread);

void lose_task(struct task *task);

size_t task_count(void);

/* The process PID, if it is watched; else NULL. */
struct process *find_process(pid_t pid);

/* The process runs another program now. */
void read_command(struct process *process);

#endif
