/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the audit says at its end. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/escape.h"
#include "common/message.h"
#include "model.h"
#include "language.h"
#include "memory.h"
#include "notes.h"
#include "report.h"
#include "status.h"

enum { MOST_GROUPS = 8, MOST_CALLERS = 3 };

static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash ? slash + 1 : path;
}

static void say_frame(const struct frame *frame, char *text, size_t size)
{
  if (frame->file)
    snprintf(text, size, "%s() at %s:%d", frame->function ? frame->function : "?",
             base_name(frame->file), frame->line);
  else
    snprintf(text, size, "%s%s in %s", frame->function ? frame->function : "?",
             frame->function ? "()" : "", base_name(frame->object));
}

/* What a developer can open: the frames of known source, or else those with a name. */
static bool is_telling(const struct stack *stack, const struct frame *frame)
{
  if (is_of_interpreter(frame))
    return false;
  for (size_t i = 0; i < stack->count; i++)
    if (stack->frames[i].file && !is_of_interpreter(&stack->frames[i]))
      return frame->file != NULL;
  return frame->function != NULL;
}

static void say_place(const struct change *change, char *text, size_t size)
{
  const struct language *language = language_of(change->stack);
  size_t used = 0, shown = 0;

  *text = '\0';
  for (size_t i = 0; i < change->stack->count && shown < MOST_CALLERS && used < size; i++) {
    const struct frame *frame = &change->stack->frames[i];
    char one[300];

    if (!is_telling(change->stack, frame))
      continue;
    say_frame(frame, one, sizeof one);
    used += (size_t) snprintf(text + used, size - used, "%s%s", shown ? ", from " : ", in ", one);
    shown++;
  }
  if (language && language->interpreted && is_interpreted(change->stack) && used < size)
    snprintf(text + used, size - used, ", %s a %s (its line is not known)", shown ? "from" : "in",
             language->name);
}

static bool is_named(const struct change *change)
{
  for (size_t i = 0; i < change->stack->count; i++)
    if (is_telling(change->stack, &change->stack->frames[i]))
      return true;
  return false;
}

/* Whether the two paths are in one directory. */
static bool are_neighbours(const char *one, const char *other)
{
  size_t length = (size_t) (base_name(one) - one);

  return length == (size_t) (base_name(other) - other) && memcmp(one, other, length) == 0;
}

/* Of a program without symbols nothing tells one place from another: what it does in one run
 * is one place; and what a script's command does in one directory is mended at one place. */
static bool is_same_command(const struct change *one, const struct change *other)
{
  size_t length = strcspn(one->command, " ");

  if (one->by == other->by)
    return strcmp(one->command, other->command) == 0;
  return strcspn(other->command, " ") == length && memcmp(one->command, other->command, length) == 0
      && one->by->parent == other->by->parent && are_neighbours(one->path, other->path);
}

static bool belongs_to(const struct group *group, const struct change *change, enum fault fault,
                       const char *place)
{
  const struct change *first = group->findings[0];

  return group->fault == fault && first->call == change->call && first->kind == change->kind
      && strcmp(group->place, place) == 0 && (is_named(change) || is_same_command(first, change));
}

static void add_finding(struct report *report, const struct change *change, enum fault fault)
{
  struct group *group = report->groups;
  char place[1200];

  say_place(change, place, sizeof place);
  while (group < report->groups + report->group_count && !belongs_to(group, change, fault, place))
    group++;
  if (group == report->groups + report->group_count) {
    report->groups = grow(report->groups, report->group_count, sizeof *report->groups);
    group = &report->groups[report->group_count++];
    *group = (struct group) { .fault = fault, .place = copy_string(place) };
  }
  group->findings = grow(group->findings, group->count, sizeof *group->findings);
  group->findings[group->count++] = change;
  report->finding_count++;
}

/* Among equals the more frequent ones first, then the earlier ones. */
static int compare_groups(const void *left, const void *right)
{
  const struct group *a = left, *b = right;

  if (a->fault != b->fault)
    return a->fault < b->fault ? -1 : 1;
  if (a->count != b->count)
    return a->count > b->count ? -1 : 1;
  return a->findings[0]->when < b->findings[0]->when ? -1 : 1;
}

/* Told by a thread that may have meant something else.  Bytes that came behind a name are not
 * a question of telling. */
static bool is_by_chance(const struct change *change, enum fault fault)
{
  return !is_certain(change)
      && (change->kind == WRITTEN || (fault != CONTENTS_LOST && fault != BYTES_LATE));
}

static void note_memory(const char *directory)
{
  struct stat st;

  if (stat(directory, &st) == 0 && filesystem_of(directory, st.st_dev)->in_memory)
    take_note(HELD_IN_MEMORY, directory);
}

/* The program has done what it can. */
static void note_weak_flush(const struct change *change)
{
  if (change->durable && change->deliberate && change->directory
      && change->directory->filesystem->may_lose_names)
    take_note(WEAK_FLUSH, change->command);
}

/* Where the user expects a verdict, there is none. */
static void note_places_in_memory(const struct selection *selection)
{
  if (changes_in_memory == 0)
    return;
  for (size_t i = 0; i < selection->directory_count; i++)
    note_memory(selection->directories[i]);
  if (selection->directory_count == 0)
    note_memory(selection->start);
}

void make_report(struct report *report, const struct selection *selection, int command_status)
{
  memset(report, 0, sizeof *report);
  report->command_status = command_status;
  report->all = selection->all;
  for (size_t i = 0; i < all_changes.count; i++) {
    enum reason reason = why_left_out(all_changes.at[i], selection);
    enum fault fault;

    if (reason == JUDGED)
      note_weak_flush(all_changes.at[i]);
    if (!find_fault(all_changes.at[i], &fault))
      continue;
    if (reason == JUDGED && !selection->all && is_by_chance(all_changes.at[i], fault))
      take_note(ANOTHER_THREAD, all_changes.at[i]->command);
    else if (reason == JUDGED)
      add_finding(report, all_changes.at[i], fault);
    else
      report->left_out[reason]++;
  }
  report->left_out[IN_MEMORY] = changes_in_memory;
  note_places_in_memory(selection);
  if (report->group_count)
    qsort(report->groups, report->group_count, sizeof *report->groups, compare_groups);
}

int status_of(const struct report *report)
{
  return report->finding_count ? FINDINGS : is_incomplete() ? NOT_WATCHED : NO_FINDINGS;
}

/* A line in which all that comes from others is escaped. */
static void print_line(FILE *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void print_line(FILE *file, const char *format, ...)
{
  va_list arguments;
  char *line = NULL, *escaped = NULL;

  va_start(arguments, format);
  if (vasprintf(&line, format, arguments) == -1)
    line = NULL;
  va_end(arguments);
  if (line)
    escaped = escape(line);
  fprintf(file, "%s\n", escaped ? escaped : strerror(ENOMEM));
  free(escaped);
  free(line);
}

/* A path of a page's length says no more than its ends. */
static void shorten(const char *path, char text[PATH_MAX])
{
  enum { HEAD = 80, TAIL = 120 };
  size_t length = strlen(path);

  if (length <= HEAD + TAIL)
    memcpy(text, path, length + 1);
  else
    snprintf(text, PATH_MAX, "%.*s...%s", HEAD, path, path + length - TAIL);
}

static void print_group(FILE *file, const struct group *group, size_t number)
{
  const struct change *first = group->findings[0];
  char path[PATH_MAX], telling[700], consequence[300], remedy[3 * PATH_MAX];
  char more[40] = "";

  shorten(first->path, path);
  say_telling(first, group->fault, telling, sizeof telling);
  say_consequence(first, group->fault, consequence, sizeof consequence);
  say_remedy(first, group->fault, remedy, sizeof remedy);
  if (group->count > 1)
    snprintf(more, sizeof more, " and %zu more", group->count - 1);
  print_line(file, "%zu. %s%s: %s() by %.80s%s.", number, path, more, first->call, first->command,
             group->place);
  print_line(file, "   %s %s", telling, consequence);
  print_line(file, "   %s", remedy);
}

static void print_left_out(FILE *file, const struct report *report)
{
  size_t used = 0;
  char text[512] = "";

  for (enum reason reason = JUDGED + 1; reason < REASONS; reason++)
    if (report->left_out[reason])
      used += (size_t) snprintf(text + used, sizeof text - used, "%s%s: %zu", used ? "; " : "",
                                reason_names[reason], report->left_out[reason]);
  if (used)
    print_line(file, "Left out%s: %s.", report->all ? "" : " (--all shows what it can)", text);
}

static void print_end(FILE *file, const struct report *report)
{
  int status = report->command_status;

  if (status == -1)
    print_line(file, "The command was still running.");
  else if (WIFSIGNALED(status))
    print_line(file, "The command was ended by the signal %d (%s).", WTERMSIG(status),
               strsignal(WTERMSIG(status)));
  else if (WEXITSTATUS(status))
    print_line(file, "The command ended with exit status %d.", WEXITSTATUS(status));
}

void print_report(FILE *file, const struct report *report)
{
  size_t shown = report->all || report->group_count <= MOST_GROUPS ? report->group_count
                                                                   : MOST_GROUPS;
  char sentence[512];

  if (report->finding_count == 1)
    print_line(file, "%s: 1 finding.", program_name);
  else if (report->finding_count)
    print_line(file, "%s: %zu findings at %zu place%s, the worst first.", program_name,
               report->finding_count, report->group_count, report->group_count == 1 ? "" : "s");
  else
    print_line(file, "%s: no findings%s.", program_name,
               is_incomplete() ? ", but not all was seen" : "");
  for (size_t i = 0; i < shown; i++)
    print_group(file, &report->groups[i], i + 1);
  if (shown < report->group_count)
    print_line(file, "... and %zu more place%s (--all or --json).", report->group_count - shown,
               report->group_count - shown == 1 ? "" : "s");
  print_left_out(file, report);
  for (enum note note = 0; note < NOTES; note++)
    if (was_noted(note)) {
      say_note(note, sentence, sizeof sentence);
      print_line(file, "%s: %s.",
                 note < SHARED_MEMORY  ? "Not seen"
                 : note < RING_REFUSED ? "Cannot tell"
                                       : "Note",
                 sentence);
    }
  print_end(file, report);
}
