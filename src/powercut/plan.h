/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which states there are to test, and which of them are the same image. */
#ifndef POWERCUT_PLAN_H
#define POWERCUT_PLAN_H

#include "disk.h"
#include "state.h"

/* States of one image. */
struct group {
  const uint32_t *members; /* indices of states, ascending */
  size_t count;
};

struct plan {
  struct state *states; /* by position and choice */
  size_t count;
  uint32_t *order;      /* that `members` points into */
  struct group *groups; /* by the choice of their first member, then by its position */
  size_t group_count;
  size_t positions, all_positions; /* that were chosen; that there are */
};

/* Of the cuts after START, all or RANDOM_CUTS of them. */
struct plan plan_cuts(const struct start *start, uint32_t random_cuts);

#endif
