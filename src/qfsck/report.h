/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found, and whether it is to be repaired. */
#ifndef QFSCK_REPORT_H
#define QFSCK_REPORT_H

#include <stddef.h>

#include "problem.h"

enum mode { ONLY_REPORT, PREEN, SAY_YES, ASK };

struct report {
  enum mode mode;
  bool silent;
  bool full; /* tells each, also where hundreds are the same */
  unsigned long found, accepted, unsafe, hopeless;
  unsigned long taken_out; /* so many would go to lost+found */
  struct group *groups;
  size_t group_count, group_room;
};

/* One question for several problems: without all of them nothing else can be
 * repaired. */
struct once {
  bool asked, accepted;
};

/* Tells that SUBJECT, a path or a message, has PROBLEM; true if it is to be repaired.
 * DETAIL, which may be "", goes on with the problem's text. */
bool accept(struct report *report, enum problem problem, const char *subject, const char *detail);
/* The same of what stays as it is, whatever the mode is. */
void leave(struct report *report, enum problem problem, const char *subject, const char *detail);

bool accept_once(struct report *report, struct once *once, enum problem problem,
                 const char *subject, const char *detail);

/* Tells how often the others were found that were told only a few times. */
void end_report(struct report *report);

#endif
