/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found, and whether it is to be repaired. */
#ifndef QFSCK_REPORT_H
#define QFSCK_REPORT_H

#include <stdbool.h>

enum mode { ONLY_REPORT, PREEN, SAY_YES, ASK };

/* A repair that takes something out of the queue, to lost+found, is not for
 * -p: the administrator decides.  Some damage is not for qfsck at all. */
enum safety { SAFE, UNSAFE, HOPELESS };

struct report {
  enum mode mode;
  bool silent;
  unsigned long found, accepted, unsafe;
};

/* Tells what was found; true if it is to be repaired. */
bool accept(struct report *report, enum safety safety, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

#endif
