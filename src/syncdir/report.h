/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found out about a program, a process or a directory. */
#ifndef SYNCDIR_REPORT_H
#define SYNCDIR_REPORT_H

#include <stdbool.h>

/* The exit status of --check. */
enum verdict { SAFE = 0, UNSAFE = 1, CANNOT_TELL = 2 };

struct report {
  const char *subject;     /* stands before each line; NULL: to refuse, not to report */
  enum verdict verdict;    /* of all findings so far */
};

/* The worse of two: what is certainly unsafe, then what nobody can tell. */
enum verdict worse(enum verdict one, enum verdict other);

/* One finding, a sentence without its full stop.  A report prints each on standard
 * output; a refusal the first that is not SAFE, on standard error. */
void find(struct report *report, enum verdict verdict, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* A message on standard error: "syncdir: ...". */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
