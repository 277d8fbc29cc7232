/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments of the call that a task is in. */
#ifndef SYNCDIR_AUDIT_ARGUMENTS_H
#define SYNCDIR_AUDIT_ARGUMENTS_H

#include "tasks.h"

/* The argument NUMBER; 0 of NONE. */
uint64_t argument(const struct task *task, int number);

/* The same as a descriptor; AT_FDCWD of NONE. */
int descriptor(const struct task *task, int number);

/* The same as a path. */
bool read_path(struct task *task, int number, char path[PATH_MAX]);

/* The file of descriptor FD.  If it may not be asked for, a note is taken. */
bool stat_theirs(struct task *task, int fd, struct stat *st);

#endif
