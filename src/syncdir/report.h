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
  bool starts_others, loads_others; /* it can, and these were not examined */
  bool filtered;                    /* it has a seccomp filter, which was not examined either */
  char *only;                       /* the directories in which it is protected; NULL: all */
};

/* The worse of two: what is certainly unsafe, then what cannot be told. */
enum verdict worse(enum verdict one, enum verdict other);

/* Notes one finding, a sentence without a full stop.  A report keeps all of them; a refusal
 * prints the first that is not SAFE on standard error. */
void note(struct report *report, enum verdict verdict, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* A finding that makes a report say that it cannot tell, but is no reason to refuse: the
 * program can get past the library in this way, but need not. */
void doubt(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A doubt that whoever runs the program is warned of as well. */
void warn(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Limits the verdict to the directories in LIST, which is like SYNCDIR_ONLY. */
void limit(struct report *report, const char *list);

/* A new report, which is part of REPORT.  NULL if there is no memory. */
struct report *add_part(struct report *report, const char *subject);

enum form { AS_TEXT, AS_JSON, SILENT };

/* Prints REPORT and its parts on standard output, frees what they hold, and returns
 * the worst verdict of them all. */
enum verdict conclude(struct report *report, enum form form);

#endif
