/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In which language a change was written, so that the report can say how to mend it there. */
#ifndef SYNCDIR_AUDIT_LANGUAGE_H
#define SYNCDIR_AUDIT_LANGUAGE_H

#include <stdbool.h>

#include "stack.h"

struct language {
  const char *name;        /* after "a" */
  bool interpreted;        /* its lines are not in the stack */
  const char *file;        /* how to flush a file that is open, or, with PATH_FOLLOWS, any */
  const char *file_before; /* the same before a call, if it is said otherwise */
  bool path_follows;
  const char *directory[2]; /* and a directory: what stands before its path, and after it */
  const char *mapping;      /* and a mapping; NULL: as a file */
};

/* NULL: one that is not known here. */
const struct language *language_of(const struct stack *stack);

/* The same for the place that has to be mended; NULL for a library that a script calls. */
const struct language *language_to_mend(const struct stack *stack);

/* Whether an interpreter has called what made the change. */
bool is_interpreted(const struct stack *stack);

/* Whether the function belongs to an interpreter, and says nothing of the script. */
bool is_of_interpreter(const struct frame *frame);

#endif
