/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings, on standard output, and messages, on standard error. */
#include <stdarg.h>
#include <stdio.h>

#include "report.h"

enum verdict worse(enum verdict one, enum verdict other)
{
  if (one == UNSAFE || other == UNSAFE)
    return UNSAFE;
  return one > other ? one : other;
}

static void print_message(const char *format, va_list arguments)
{
  char line[8192];

  /* One write: others may share our standard error. */
  vsnprintf(line, sizeof line, format, arguments);
  fprintf(stderr, "syncdir: %s\n", line);
}

void complain(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  print_message(format, arguments);
  va_end(arguments);
}

void find(struct report *report, enum verdict verdict, const char *format, ...)
{
  static const char *const label[] = { "", "unsafe: ", "cannot tell: " };
  va_list arguments;

  va_start(arguments, format);
  if (report->subject) {
    printf("%s: %s", report->subject, label[verdict]);
    vprintf(format, arguments);
    putchar('\n');
  } else if (verdict != SAFE && report->verdict == SAFE) {
    print_message(format, arguments);
  }
  va_end(arguments);
  report->verdict = worse(report->verdict, verdict);
}
