/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments of the call that a task is in. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include "arguments.h"
#include "notes.h"

uint64_t argument(const struct task *task, int number)
{
  return number == NONE ? 0 : task->registers.arguments[number];
}

/* Descriptors are ints, whatever stands in the upper half of the register. */
int descriptor(const struct task *task, int number)
{
  return number == NONE ? AT_FDCWD : (int) task->registers.arguments[number];
}

bool read_path(struct task *task, int number, char path[PATH_MAX])
{
  return read_string(task->thread, argument(task, number), path, PATH_MAX);
}

/* A thread whose descriptors cannot be read would write and nobody would know where. */
bool stat_theirs(struct task *task, int fd, struct stat *st)
{
  if (stat_descriptor(task->thread, fd, st))
    return true;
  if (errno == EACCES || errno == EPERM)
    take_note(UNREADABLE, task->process->command);
  return false;
}
