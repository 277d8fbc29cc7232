/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A task that shares our memory, and has a copy of the descriptor table. */
#ifndef SYNCDIR_TASK_H
#define SYNCDIR_TASK_H

#include <stdbool.h>

/* Runs in the task, on a few KiB of stack, with all signals blocked.  It shares the
 * caller's errno. */
typedef void task_work(void *argument);

/* Runs WORK in a task of its own and waits for its end.  What it opens and closes
 * leaves the caller's descriptors alone, and with them its fcntl locks, which are
 * lost when any descriptor of the file is closed in the process that holds them.
 *
 * False: no task could be started.  If the task was killed, or did not share our memory
 * after all (valgrind), true is returned although WORK has left no answer in ARGUMENT. */
bool run_in_task(task_work *work, void *argument);

/* open(2) in the task.  If the table of descriptors is full, one of them is closed, but
 * not DIRFD: they are copies. */
int open_in_task(int dirfd, const char *path, int flags);

#endif
