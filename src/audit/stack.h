/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in its program a stopped thread is: the calls that have led there. */
#ifndef SYNCDIR_AUDIT_STACK_H
#define SYNCDIR_AUDIT_STACK_H

#include <stddef.h>
#include <sys/types.h>

enum { MOST_FRAMES = 24 };

struct frame {
  const char *object;   /* the program or library */
  const char *function; /* NULL: not known */
  const char *file;     /* of the source; NULL: not known */
  int line;
};

struct stack {
  size_t count;
  struct frame frames[MOST_FRAMES]; /* the innermost first, without the C library's */
};

/* The stack of THREAD, of the process PROCESS.  The same pointer for the same stack.  Never
 * NULL; of no frames, if none can be found. */
const struct stack *read_stack(pid_t process, pid_t thread);

/* PROCESS runs another program now, or none. */
void forget_stacks(pid_t process);

#endif
