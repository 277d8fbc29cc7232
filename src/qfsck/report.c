/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found, and whether it is to be repaired. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "report.h"
#include "say.h"

/* How many of a group are reported, and how many groups there can be; what belongs to no
 * group is always reported. */
enum { TOLD_OF_GROUP = 10, GROUPS_MOST = 100, PLACE_BYTES = 16, DETAIL_BYTES = 200 };

/* The same problem, of the same kind of file, with the same detail. */
struct group {
  enum problem problem;
  char place[PLACE_BYTES], detail[DETAIL_BYTES];
  unsigned long count;
};

static bool ask(void)
{
  int answer, c;

  if (!isatty(STDIN_FILENO))
    fail("no terminal to ask on: give -n, -p or -y.");
  fputs("  Repair it (y/n)? ", stdout);
  fflush(stdout);
  answer = c = getchar();
  end_if_stopped();
  while (c != '\n' && c != EOF)
    c = getchar();
  return answer == 'y' || answer == 'Y';
}

/* Details with numbers, which differ for each message, do not make another group. */
static struct group *group_of(struct report *report, enum problem problem, const char *subject,
                              const char *detail)
{
  struct group group = { .problem = problem };

  snprintf(group.place, sizeof group.place, "%.*s", (int) strcspn(subject, "/ "), subject);
  if (problem == WRONG_ATTRIBUTES)
    snprintf(group.detail, sizeof group.detail, "%s", detail);
  for (size_t i = 0; i < report->group_count; i++)
    if (report->groups[i].problem == problem && strcmp(report->groups[i].place, group.place) == 0
        && strcmp(report->groups[i].detail, group.detail) == 0)
      return &report->groups[i];
  if (report->group_count == GROUPS_MOST)
    return NULL;
  report->groups = with_room(report->groups, report->group_count, &report->group_room,
                             sizeof *report->groups);
  report->groups[report->group_count] = group;
  return &report->groups[report->group_count++];
}

static bool is_told(struct report *report, enum mode mode, enum problem problem,
                    const char *subject, const char *detail)
{
  struct group *group;

  if (report->silent)
    return false;
  if (!problems[problem].grouped || report->full || mode == ASK)
    return true;
  group = group_of(report, problem, subject, detail);
  return !group || ++group->count <= TOLD_OF_GROUP;
}

static void count_and_tell(struct report *report, enum mode mode, enum problem problem,
                           const char *subject, const char *detail, bool accepted)
{
  const struct problem_rule *rule = &problems[problem];

  report->found++;
  report->unsafe += rule->safety == UNSAFE;
  report->hopeless += rule->safety == HOPELESS;
  report->taken_out += *rule->why != '\0';
  if (is_told(report, mode, problem, subject, detail))
    tell("%s: %s%s%s.%s", subject, rule->text, *detail ? " " : "", detail,
         mode == PREEN && !accepted ? "  It is left as it is." : "");
}

static bool accept_in(struct report *report, enum mode mode, enum problem problem,
                      const char *subject, const char *detail)
{
  enum safety safety = problems[problem].safety;
  bool accepted = safety != HOPELESS && (mode == SAY_YES || (mode == PREEN && safety == SAFE));

  count_and_tell(report, mode, problem, subject, detail, accepted);
  if (mode == ASK && safety != HOPELESS)
    accepted = ask();
  report->accepted += accepted;
  return accepted;
}

bool accept(struct report *report, enum problem problem, const char *subject, const char *detail)
{
  return accept_in(report, report->mode, problem, subject, detail);
}

void leave(struct report *report, enum problem problem, const char *subject, const char *detail)
{
  count_and_tell(report, report->mode, problem, subject, detail, false);
}

/* After the answer it is as if -y or -n had been given. */
static enum mode mode_once_asked(const struct report *report, const struct once *once)
{
  if (report->mode != ASK || !once->asked)
    return report->mode;
  return once->accepted ? SAY_YES : ONLY_REPORT;
}

bool accept_once(struct report *report, struct once *once, enum problem problem,
                 const char *subject, const char *detail)
{
  bool accepted = accept_in(report, mode_once_asked(report, once), problem, subject, detail);

  once->accepted = accepted && (once->accepted || !once->asked);
  once->asked = true;
  return accepted;
}

void end_report(struct report *report)
{
  for (size_t i = 0; i < report->group_count; i++) {
    const struct group *group = &report->groups[i];

    if (group->count > TOLD_OF_GROUP)
      tell("%lu more lines like this, of %s: %s%s%s.  -v tells each.", group->count - TOLD_OF_GROUP,
           group->place, problems[group->problem].text, *group->detail ? " " : "", group->detail);
  }
  free(report->groups);
  report->groups = NULL;
  report->group_count = report->group_room = 0;
}
