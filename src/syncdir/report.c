/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found out about a program, a process or a directory, and its printing. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/escape.h"
#include "common/json.h"
#include "common/message.h"
#include "report.h"

static const char *const words[] = { "protected", "not protected", "cannot tell" };

enum verdict worse(enum verdict one, enum verdict other)
{
  if (one == UNSAFE || other == UNSAFE)
    return UNSAFE;
  return one > other ? one : other;
}

/* A finding counts even if there is no memory for its text. */
static void keep(struct report *report, enum verdict verdict, const char *format, va_list arguments)
{
  struct finding *grown = reallocarray(report->findings, report->count + 1, sizeof *grown);
  char *text;

  report->verdict = worse(report->verdict, verdict);
  if (!grown)
    return;
  report->findings = grown;
  if (vasprintf(&text, format, arguments) != -1)
    report->findings[report->count++] = (struct finding) { verdict, text };
}

void note(struct report *report, enum verdict verdict, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  if (report->subject) {
    keep(report, verdict, format, arguments);
  } else {
    if (verdict != SAFE && report->verdict == SAFE)
      vcomplain(format, arguments);
    report->verdict = worse(report->verdict, verdict);
  }
  va_end(arguments);
}

void doubt(struct report *report, const char *format, ...)
{
  va_list arguments;

  if (!report->subject)
    return;
  va_start(arguments, format);
  keep(report, CANNOT_TELL, format, arguments);
  va_end(arguments);
}

void warn(struct report *report, const char *format, ...)
{
  va_list arguments;
  char *sentence;

  va_start(arguments, format);
  if (report->subject) {
    keep(report, CANNOT_TELL, format, arguments);
  } else if (vasprintf(&sentence, format, arguments) != -1) {
    complain("warning: %s", sentence);
    free(sentence);
  }
  va_end(arguments);
}

void limit(struct report *report, const char *list)
{
  if (!report->subject || strspn(list, ":") == strlen(list))
    return;
  free(report->only);
  report->only = strdup(list);
}

struct report *add_part(struct report *report, const char *subject)
{
  struct report *part = calloc(1, sizeof *part);
  struct report **grown = part ? reallocarray(report->parts, report->part_count + 1, sizeof *grown)
                               : NULL;

  if (grown)
    report->parts = grown;
  if (!grown || !(part->subject = strdup(subject))) {
    free(part);
    return NULL;
  }
  report->parts[report->part_count++] = part;
  return part;
}

/* On a terminal, unless NO_COLOR is set: no-color.org. */
static bool has_colours(void)
{
  const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");

  return isatty(STDOUT_FILENO) && !(none && *none) && terminal && strcmp(terminal, "dumb") != 0;
}

static void print_escaped(const char *text)
{
  char *escaped = escape(text);

  fputs(escaped ? escaped : "(no memory)", stdout);
  free(escaped);
}

static void print_word(enum verdict verdict)
{
  static const char *const colours[] = { "\033[32m", "\033[31m", "\033[33m" };

  if (has_colours())
    printf("%s%s\033[0m", colours[verdict], words[verdict]);
  else
    fputs(words[verdict], stdout);
}

#define OF_FILTER "its seccomp filter"

/* What the verdict does not cover, besides a filter; "" if nothing. */
static const char *not_looked_at(const struct report *report)
{
  return report->starts_others && report->loads_others ? "what it starts or loads later"
       : report->starts_others                         ? "what it starts"
       : report->loads_others                          ? "what it loads later"
                                                       : "";
}

static void print_text(const struct report *report)
{
  const char *rest = not_looked_at(report);

  static const char *const label[] = { "", "unsafe: ", "cannot tell: " };

  for (size_t i = 0; i < report->count; i++) {
    print_escaped(report->subject);
    printf(": %s", label[report->findings[i].verdict]);
    print_escaped(report->findings[i].text);
    putchar('\n');
  }
  print_escaped(report->subject);
  fputs(": ", stdout);
  print_word(report->verdict);
  if (report->verdict == SAFE && report->only) {
    fputs(" only below ", stdout);
    print_escaped(report->only);
  }
  if (report->verdict == SAFE && (*rest || report->filtered))
    printf("; %s was not looked at%s", *rest ? rest : OF_FILTER,
           *rest && report->filtered ? ", nor " OF_FILTER : "");
  putchar('\n');
}

/* The sums of a whole tree of reports. */
struct total {
  enum verdict verdict;
  size_t counts[3];
};

static void add_up(const struct report *report, struct total *total)
{
  total->verdict = worse(total->verdict, report->verdict);
  total->counts[report->verdict]++;
  for (size_t i = 0; i < report->part_count; i++)
    add_up(report->parts[i], total);
}

static void print_all_texts(const struct report *report)
{
  print_text(report);
  for (size_t i = 0; i < report->part_count; i++)
    print_all_texts(report->parts[i]);
}

static void print_total(const struct report *report, const struct total *total)
{
  print_escaped(report->subject);
  printf(" and its children: %zu protected, %zu not protected, %zu cannot tell: ",
         total->counts[SAFE], total->counts[UNSAFE], total->counts[CANNOT_TELL]);
  print_word(total->verdict);
  putchar('\n');
}

/* The findings that are evidence for the verdict (SAFE), or that speak against it. */
static void print_findings(const struct report *report, bool evidence)
{
  bool first = true;

  for (size_t i = 0; i < report->count; i++) {
    const struct finding *finding = &report->findings[i];

    if ((finding->verdict == SAFE) != evidence)
      continue;
    fputs(first ? "" : ", ", stdout);
    first = false;
    if (!evidence)
      printf("{\"verdict\": \"%s\", \"text\": ", words[finding->verdict]);
    print_json_string(stdout, finding->text);
    fputs(evidence ? "" : "}", stdout);
  }
}

static void print_object(const struct report *report)
{
  fputs("{\"subject\": ", stdout);
  print_json_string(stdout, report->subject);
  printf(", \"verdict\": \"%s\", \"only\": ", words[report->verdict]);
  print_json_string(stdout, report->only ? report->only : "");
  printf(", \"not_looked_at\": \"%s%s%s\", \"findings\": [", not_looked_at(report),
         *not_looked_at(report) && report->filtered ? ", " : "", report->filtered ? OF_FILTER : "");
  print_findings(report, false);
  fputs("], \"evidence\": [", stdout);
  print_findings(report, true);
  fputs("], \"children\": [", stdout);
  for (size_t i = 0; i < report->part_count; i++) {
    fputs(i ? ", " : "", stdout);
    print_object(report->parts[i]);
  }
  fputs("]}", stdout);
}

static void empty(struct report *report)
{
  for (size_t i = 0; i < report->count; i++)
    free(report->findings[i].text);
  for (size_t i = 0; i < report->part_count; i++) {
    empty(report->parts[i]);
    free((char *) report->parts[i]->subject);
    free(report->parts[i]);
  }
  free(report->findings);
  free(report->parts);
  free(report->only);
}

enum verdict conclude(struct report *report, enum form form)
{
  struct total total = { 0 };

  add_up(report, &total);
  if (form == AS_JSON) {
    print_object(report);
    putchar('\n');
  } else if (form == AS_TEXT) {
    print_all_texts(report);
    if (report->part_count > 0)
      print_total(report, &total);
  }
  empty(report);
  return total.verdict;
}
