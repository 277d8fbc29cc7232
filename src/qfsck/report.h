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
  bool full; /* reports each problem, even hundreds of the same kind */
  unsigned long found, accepted, unsafe, hopeless;
  unsigned long taken_out; /* so many would go to lost+found */
  struct group *groups;
  size_t group_count, group_room;
};

/* One question for several problems that must all be repaired before anything else can
 * be. */
struct once {
  bool asked, accepted;
};

/* Reports that SUBJECT, a path or a message, has PROBLEM; true if it is to be repaired.
 * DETAIL, which may be "", follows the problem's text. */
bool accept(struct report *report, enum problem problem, const char *subject, const char *detail);

/* The same for a problem that is not repaired in any mode. */
void leave(struct report *report, enum problem problem, const char *subject, const char *detail);

/* The same for one of those that ONCE is about. */
bool accept_once(struct report *report, struct once *once, enum problem problem,
                 const char *subject, const char *detail);

/* Says how many more there were of the problems that were reported only a few times. */
void end_report(struct report *report);

#endif
