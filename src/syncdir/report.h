/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found out about a program, a process or a directory.
 *
 * A verdict of SAFE is a promise.  Each part of it needs a finding: what was not looked
 * at, or could not be, is found as CANNOT_TELL, with the reason. */
#ifndef SYNCDIR_REPORT_H
#define SYNCDIR_REPORT_H

#include <stdbool.h>
#include <stddef.h>

/* The exit status of --check. */
enum verdict { SAFE = 0, UNSAFE = 1, CANNOT_TELL = 2 };

struct finding {
  enum verdict verdict;
  char *text;
};

struct report {
  const char *subject;  /* NULL: to refuse, not to report */
  enum verdict verdict; /* of all findings so far */
  struct finding *findings;
  size_t count;
  struct report **parts; /* the reports of a process's children */
  size_t part_count;
  bool starts_others, loads_others; /* it can, and what that is was not looked at */
  bool filtered;                    /* it has a seccomp filter, which was not looked at either */
  char *only;                       /* the directories that it is protected in; NULL: in all */
};

/* The worse of two: what is certainly unsafe, then what cannot be told. */
enum verdict worse(enum verdict one, enum verdict other);

/* Notes one finding, a sentence without its full stop.  A report keeps them all; a refusal
 * says the first that is not SAFE, on standard error. */
void note(struct report *report, enum verdict verdict, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* What makes a report say that it cannot tell, and is no reason to refuse: a program may
 * do it beside what the library sees, and need not. */
void doubt(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A doubt that whoever runs the program is warned of as well. */
void warn(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The verdict holds below the directories LIST alone, as SYNCDIR_ONLY has them. */
void limit(struct report *report, const char *list);

/* A new report, which is part of REPORT.  NULL without memory. */
struct report *add_part(struct report *report, const char *subject);

enum form { AS_TEXT, AS_JSON, SILENT };

/* Prints REPORT and its parts on standard output, frees what they hold, and returns
 * the worst verdict of them all. */
enum verdict conclude(struct report *report, enum form form);

#endif
