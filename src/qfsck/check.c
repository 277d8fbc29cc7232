/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares a queue with qmail's invariants, and writes into the journal what
 * repairs it.
 *
 * The invariants, which the manual has at more length:
 *
 *   1  mess/N has the inode number N; a todo may have any.
 *   2  Each file of the queue has one name; only todo and intd of one message are one file.
 *   3  The files of a message are those of one of the states in fates.c, and its envelope
 *      parses.
 *   4  Each file lies where its number belongs in this layout.  todo/7 is a directory if
 *      todo is split, and a file if it is not: a name alone does not say what it should be.
 *   5  Owner, group, mode and type are those of hier.c.
 *
 * Before anything is called wrong, the files of all messages are known: a file that is a
 * message's is never of the wrong type, only in the wrong place.  What exists but cannot be
 * looked at is not touched, and neither is its message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adopt.h"
#include "array.h"
#include "check.h"
#include "fates.h"
#include "shared.h"
#include "skeleton.h"
#include "walk.h"

static void plan_file(struct check *check, const struct message *message, int kind)
{
  const struct layout wanted = check->queue->wanted;
  struct plan *plan = &check->plan;
  char from[PATH_BYTES], to[PATH_BYTES];
  bool is_copy;

  place_of(from, &check->scan, kind, message);
  is_copy = after_folder(from, WORK);
  if (has(message->wrong, kind) && message->fate != IS_LOST)
    plan_owner(plan, from, rules[kind].owner, &rules[kind], rules[kind].file_mode);
  path_of(to, wanted, kind, message->fate == GOES ? message->inode : message->number);
  if (message->fate == IS_LOST)
    plan_loss(plan, from,
              message->marks & TORN     ? problems[TORN_MESSAGE].why
              : has(message->has, MESS) ? problems[BROKEN_ENVELOPE].why
                                        : problems[NO_MESSAGE].why);
  else if (has(message->drops, kind))
    plan_loss(plan, from, problems[NOT_IN_STATE].why);
  else if (message->fate != IS_FROZEN || is_copy || !has(message->strays, kind))
    plan_move(plan, from, to);
}

/* A frozen message keeps its number, but its files move to another layout as all do. */
static void plan_message(struct check *check, const struct message *message)
{
  if (message->fate == GOES)
    plan_step(&check->plan, &(struct step) {
                              .verb = NUMBER, .inode = message->inode, .number = message->number });
  for (int kind = 0; kind < KINDS; kind++)
    if (has(message->has, kind))
      plan_file(check, message, kind);
}

/* A directory that holds something that is left alone is left alone too. */
static bool holds_obstacle(const struct scan *scan, const char *folder)
{
  for (size_t i = 0; i < scan->obstacle_count; i++)
    if (after_folder(scan->obstacles[i].path, folder))
      return true;
  return false;
}

static int compare_paths(const void *one, const void *other)
{
  return strcmp(*(const char *const *) one, *(const char *const *) other);
}

/* The paths, sorted, of all strays that stay. */
static const char **list_staying(const struct scan *scan, size_t *count)
{
  const char **list = grow(NULL, scan->stray_count + 1, sizeof *list);

  *count = 0;
  for (size_t i = 0; i < scan->stray_count; i++) {
    const struct stray *stray = &scan->strays[i];

    if (stray->declined
        || (stray->taken && find_message(&scan->messages, stray->number)->fate == IS_FROZEN))
      list[(*count)++] = stray->path;
  }
  if (*count)
    qsort(list, *count, sizeof *list, compare_paths);
  return list;
}

static bool holds_any(const char *const *list, size_t count, const char *folder)
{
  char below[PATH_BYTES + 1];
  const char *key = below;
  size_t i;

  snprintf(below, sizeof below, "%s/", folder);
  i = lower_bound(&key, list, count, sizeof *list, compare_paths);
  return i < count && after_folder(list[i], folder);
}

/* Directories that this layout does not have go last, when their files have gone. */
static void plan_spares(struct check *check)
{
  const struct layout wanted = check->queue->wanted, found = check->queue->found;
  bool is_relayout = wanted.split != found.split || wanted.big_todo != found.big_todo;
  size_t count;
  const char **staying = list_staying(&check->scan, &count);

  for (size_t i = 0; i < check->scan.spare_count; i++) {
    const struct spare *spare = &check->scan.spares[i];
    enum problem problem = spare->is_number ? SPARE_FOLDER : ODD_FOLDER;
    struct step step = { .verb = EMPTY };

    if (holds_obstacle(&check->scan, spare->path))
      continue;
    snprintf(step.path, sizeof step.path, "%s", spare->path);
    if (spare->is_number && is_relayout)
      plan_step(&check->plan, &step);
    else if (holds_any(staying, count, spare->path))
      leave(check->report, problem, spare->path, "");
    else if (!accept(check->report, problem, spare->path, ""))
      continue;
    else if (spare->is_number)
      plan_step(&check->plan, &step);
    else
      plan_loss(&check->plan, spare->path, problems[ODD_FOLDER].why);
  }
  free(staying);
}

static bool is_other_layout(const struct queue *queue)
{
  return queue->found.split != queue->wanted.split
      || queue->found.big_todo != queue->wanted.big_todo;
}

static bool has_work(const struct check *check, const struct message *message)
{
  return message->fate != STAYS || message->strays || message->wrong || message->drops
      || check->queue->wanted.split != check->queue->found.split
      || (is_other_layout(check->queue) && message->has & (1 << TODO | 1 << INTD));
}

static const char *todo_word(struct layout layout)
{
  return layout.big_todo ? "split" : "not split";
}

/* True if the layout is as wanted, or is to become so. */
static bool check_layout(struct check *check)
{
  const struct layout found = check->queue->found, wanted = check->queue->wanted;
  char detail[200];

  if (!is_other_layout(check->queue))
    return true;
  snprintf(detail, sizeof detail, "split %u ways, todo and intd %s; requested: %u ways and %s",
           found.split, todo_word(found), wanted.split, todo_word(wanted));
  return accept(check->report, OTHER_LAYOUT, "the queue", detail);
}

/* Reports them.  False if one is a directory: then nothing in it can be renamed. */
static bool tell_obstacles(struct check *check)
{
  bool is_free = true;

  for (size_t i = 0; i < check->scan.obstacle_count; i++) {
    const struct obstacle *obstacle = &check->scan.obstacles[i];

    accept(check->report, obstacle->problem, obstacle->path,
           obstacle->problem == UNKNOWN_FILE ? strerror(obstacle->error) : "");
    is_free = is_free && !obstacle->is_folder;
  }
  return is_free && (!is_other_layout(check->queue) || !check->scan.obstacle_count);
}

bool check_queue(struct check *check)
{
  bool can_repair = check_layout(check);

  scan_queue(&check->scan, check->queue);
  can_repair &= tell_obstacles(check);
  adopt_strays(&check->scan);
  can_repair &= check_skeleton(check);
  if (check->plan.journal && !can_repair)
    return false;
  share_out(check);
  decide_fates(check);
  for (size_t i = 0; check->plan.journal && i < check->scan.messages.count; i++) {
    end_if_stopped();
    if (has_work(check, &check->scan.messages.at[i]))
      plan_message(check, &check->scan.messages.at[i]);
  }
  plan_spares(check);
  return can_repair;
}
