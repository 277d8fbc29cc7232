/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps: calls over a small set of names, and a model that knows which of them
 * can succeed. */
#ifndef WORKLOAD_STEPS_H
#define WORKLOAD_STEPS_H

#include <stdbool.h>

#include "chance.h"

enum { NAMES_MAX = 24, STEPS_MAX = 4096 };

/* What the steps of a workload are made of. */
struct bound {
  const char *names[NAMES_MAX]; /* a directory before what is in it */
  const char *layout;           /* of each tree (layout.h) */
  const char *operations;       /* blanks separate them; steps.c has all */
};

/* One operation on one or two names, by their index in the bound. */
struct step {
  const struct operation *operation;
  int x, y;
};

/* All that can be said within BOUND.  Returns how many. */
int steps_of(const struct bound *bound, struct step *steps);

/* One of them. */
struct step any_step(const struct bound *bound, struct chance *chance);

/* Which inode each name leads to; 0: none. */
struct state {
  unsigned inode[NAMES_MAX];
  unsigned made;
};

struct state state_of(const struct bound *bound);

/* Takes STEP in the model.  False, and STATE is spoilt, if the call would fail,
 * would change nothing, or would move a name out of the bound. */
bool take(const struct bound *bound, struct state *state, struct step step);

/* "rename(A/foo, B/bar)" */
const char *text_of(const struct bound *bound, struct step step);

/* Makes the call in the current directory, which is TREE, between its marks;
 * CONTEXT stands before it in the text. */
void perform(const struct bound *bound, struct step step, const char *tree, const char *context);

#endif
