/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who hears what a program writes into a pipe, a socket or a terminal, or signals. */
#ifndef SYNCDIR_AUDIT_LISTENERS_H
#define SYNCDIR_AUDIT_LISTENERS_H

#include <sys/stat.h>

#include "tasks.h"

/* TASK's call writes to its descriptor FD, the file ST.  Others outside the watched tree
 * are told what it knows; those inside know it as well from now on. */
void tell_through(struct task *task, int fd, const struct stat *st);

/* TASK's call puts a message into a queue, of System V or POSIX. */
void tell_by_message(struct task *task);

/* TASK's call sends a signal. */
void tell_by_signal(struct task *task);

#endif
