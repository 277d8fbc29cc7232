/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that can be wrong with a queue. */
#ifndef QFSCK_PROBLEM_H
#define QFSCK_PROBLEM_H

#include <stdbool.h>

enum problem {
  OTHER_LAYOUT,
  MISSING,
  WRONG_TYPE,
  WRONG_SIZE,
  WRONG_ATTRIBUTES,
  LINKED_PART,
  STRANGER,
  ODD_FOLDER,
  SPARE_FOLDER,
  ODD_STRAY,
  MISPLACED,
  WRONG_NUMBER,
  BROKEN_ENVELOPE,
  NO_MESSAGE,
  NOT_IN_STATE,
  INTD_NOT_TODO,
  SECOND_NAME,
  SHARED_FILE,
  NOT_ITS_FILE,
  OUTSIDE_NAME,
  FOREIGN_FILE,
  TORN_MESSAGE,
  UNKNOWN_FILE,
  MOUNT_POINT,
  FIXED_FILE,
  PROBLEMS
};

/* SAFE: -p repairs it, because nothing is taken out of the queue.  UNSAFE: something goes to
 * lost+found, or the repair is a guess, so the administrator decides.  HOPELESS: qfsck cannot
 * repair it. */
enum safety { SAFE, UNSAFE, HOPELESS };

struct problem_rule {
  enum safety safety;
  bool grouped;     /* reported a few times, then only counted */
  const char *text; /* SUBJECT: TEXT DETAIL */
  const char *why;  /* in the notes of lost+found; "" if nothing goes there */
};
extern const struct problem_rule problems[PROBLEMS];

#endif
