/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found, and whether it is to be repaired. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "report.h"
#include "say.h"

static bool ask(void)
{
  int answer, c;

  if (!isatty(STDIN_FILENO))
    fail("there is no terminal to ask on: give -n, -p or -y.");
  fputs("  Repair it (y/n)? ", stdout);
  fflush(stdout);
  answer = c = getchar();
  while (c != '\n' && c != EOF)
    c = getchar();
  return answer == 'y' || answer == 'Y';
}

bool accept(struct report *report, enum safety safety, const char *format, ...)
{
  va_list arguments;
  bool accepted;

  report->found++;
  report->unsafe += safety != SAFE;
  if (!report->silent) {
    end_progress();
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
  }
  accepted = safety != HOPELESS
          && (report->mode == SAY_YES || (report->mode == PREEN && safety == SAFE)
              || (report->mode == ASK && ask()));
  report->accepted += accepted;
  return accepted;
}
