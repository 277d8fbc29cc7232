/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides what becomes of each message: the states S1 to S5 of INTERNALS.
 *
 *   S1                                        nothing
 *   S2  +mess                                 half made, or done with
 *   S3  +mess +intd                           half made
 *   S4  +mess ?intd +todo ?info ?local ?remote          queued
 *   S5  +mess +info ?local ?remote ?bounce              preprocessed
 *
 * S2 and S3 are left to qmail-send, which removes them after 36 hours. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>

#include "array.h"
#include "attributes.h"
#include "fates.h"
#include "remains.h"

enum { CHANNELS = 1 << LOCAL | 1 << REMOTE };

static bool is_misnamed(const struct message *message)
{
  return has(message->has, MESS) && message->inode != message->number;
}

/* Whether info and the channels that are there parse. */
static bool is_preprocessed(const struct message *message)
{
  uint8_t needed = 1 << INFO | (message->has & CHANNELS);

  return (message->whole & needed) == needed;
}

/* Whether todo is there although info and its channels are.  A delivery, or a bounce,
 * begins only after todo was removed: then a crash has brought todo back, and to keep it
 * would deliver again to recipients that are done.  A broken todo is no loss if it was
 * preprocessed, that is, if it names no more recipients than the channels do. */
static bool is_todo_a_ghost(const struct check *check, const struct message *message)
{
  enum remains remains;

  if (!has(message->has, INFO) || !is_preprocessed(message))
    return false;
  remains = remains_in(&check->scan, message);
  if (remains == OLD_TODO || remains == OLD_CHANNELS)
    return remains == OLD_TODO;
  if (message->marks & ANY_DONE)
    return true;
  if (!has(message->whole, TODO))
    return message->in_channels > 0 && message->in_channels >= message->in_todo;
  return has(message->has, BOUNCE) && message->in_channels >= message->in_todo;
}

/* The files that have to go, so that the message is in one of the states; all of them, if
 * its envelope is broken. */
static uint8_t excess_of(const struct check *check, const struct message *message)
{
  uint8_t all = message->has;

  if (!has(message->has, MESS) || message->marks & TORN)
    return all;
  if (has(message->has, TODO)) {
    if (is_todo_a_ghost(check, message))
      return all & (1 << TODO | 1 << INTD);
    if (!has(message->whole, TODO))
      return all;
    return all & (1 << BOUNCE | (message->marks & INTD_IS_TODO ? 0 : 1 << INTD));
  }
  if (has(message->has, INFO))
    return is_preprocessed(message) ? all & 1 << INTD : all;
  /* There is no sender; but if all recipients are done, qmail-send was about to finish. */
  if (message->has & CHANNELS
      && ((message->marks & ANY_NOT_DONE) || (message->whole & CHANNELS) != (all & CHANNELS)))
    return all;
  return all & (CHANNELS | 1 << BOUNCE);
}

/* Whether the files are still as they were read: a queue in use changes. */
static bool is_settled(const struct check *check, const struct message *message)
{
  char path[PATH_BYTES];
  struct stat st;

  if (check->plan.journal)
    return true;
  for (int kind = 0; kind < KINDS; kind++) {
    bool there;

    place_of(path, &check->scan, kind, message);
    there = look_at(check->queue->fd, path, &st) == 0;
    if (there != has(message->has, kind))
      return false;
  }
  return true;
}

/* A frozen message is left as it is, in every mode. */
static bool accept_unless_frozen(const struct check *check, const struct message *message,
                                 enum problem problem, const char *subject, const char *detail)
{
  if (message->fate != IS_FROZEN)
    return accept(check->report, problem, subject, detail);
  leave(check->report, problem, subject, detail);
  return false;
}

static bool accept_message(const struct check *check, const struct message *message,
                           enum problem problem, uint64_t other)
{
  char subject[64], detail[32] = "";

  snprintf(subject, sizeof subject, "message %" PRIu64, message->number);
  if (other)
    snprintf(detail, sizeof detail, "%" PRIu64, other);
  return accept_unless_frozen(check, message, problem, subject, detail);
}

static bool accept_file(const struct check *check, const struct message *message, int kind,
                        enum problem problem)
{
  char path[PATH_BYTES], detail[32] = "";

  place_of(path, &check->scan, kind, message);
  if (problem == NOT_IN_STATE || problem == MISPLACED)
    snprintf(detail, sizeof detail, "%" PRIu64, message->number);
  return accept_unless_frozen(check, message, problem, path, detail);
}

static void lose(struct check *check, struct message *message, enum problem problem)
{
  bool accepted = true;

  if (has(message->has, MESS))
    accepted = accept_message(check, message, problem, 0);
  for (int kind = 0; !has(message->has, MESS) && kind < KINDS; kind++)
    if (has(message->has, kind))
      accepted &= accept_file(check, message, kind, NO_MESSAGE);
  message->fate = accepted ? IS_LOST : IS_FROZEN;
  message->marks |= accepted ? 0 : CONDEMNED;
}

static void drop_files(struct check *check, struct message *message, uint8_t excess)
{
  bool accepted = true;

  for (int kind = 0; kind < KINDS; kind++) {
    enum problem problem = kind == INTD && has(message->has, TODO) && !has(excess, TODO)
                           ? INTD_NOT_TODO
                           : NOT_IN_STATE;

    if (!has(excess, kind))
      continue;
    if (accept_file(check, message, kind, problem))
      add(&message->drops, kind);
    else
      accepted = false;
  }
  if (!accepted)
    message->fate = IS_FROZEN;
}

/* Decides which of its files go, or whether the whole message does. */
static void decide(struct check *check, struct message *message)
{
  uint8_t excess;

  if (message->marks & HANDS_OFF) {
    message->fate = IS_FROZEN;
    return;
  }
  if (is_preprocessed(message) && remains_in(&check->scan, message) == UNKNOWN_REMAINS)
    message->marks |= TORN;
  excess = excess_of(check, message);
  if (excess && !is_settled(check, message))
    message->marks |= HANDS_OFF;
  else if (excess && excess == message->has)
    lose(check, message, message->marks & TORN ? TORN_MESSAGE : BROKEN_ENVELOPE);
  else
    drop_files(check, message, excess);
  if (message->fate == STAYS && is_misnamed(message))
    message->fate = GOES;
}

static void tidy_attributes(struct check *check, struct message *message, int kind)
{
  const struct rule *rule = &rules[kind];
  char path[PATH_BYTES], detail[ATTRIBUTES_BYTES];
  struct stat st;

  place_of(path, &check->scan, kind, message);
  if (look_at(check->queue->fd, path, &st) == -1) {
    if (errno != ENOENT)
      cannot("look at", path);
    return;
  }
  if (!tell_attributes(detail, check->queue, rule->owner, rule->any_group, rule->file_mode, &st)
      || !accept(check->report, WRONG_ATTRIBUTES, path, detail))
    drop(&message->wrong, kind);
}

/* Number, places, owners and modes of the files that stay. */
static void tidy(struct check *check, struct message *message)
{
  char path[PATH_BYTES];
  bool accepted = true;

  if (message->fate == IS_LOST || message->marks & (HANDS_OFF | CONDEMNED)) {
    message->wrong = 0;
    return;
  }
  if (is_misnamed(message))
    accepted = accept_message(check, message, WRONG_NUMBER, message->inode);
  for (int kind = 0; kind < KINDS; kind++) {
    if (!has(message->has & ~message->drops, kind))
      continue;
    place_of(path, &check->scan, kind, message);
    if (has(message->strays, kind) && !after_folder(path, WORK))
      accepted &= accept_file(check, message, kind, MISPLACED);
    if (has(message->wrong, kind))
      tidy_attributes(check, message, kind);
  }
  if (!accepted)
    message->fate = IS_FROZEN;
}

static const char *what_is(const struct stray *stray)
{
  switch (stray->type) {
    case S_IFREG:
      return stray->number ? "the message has another file there" : "the name is not a number";
    case S_IFDIR: return "it is a directory";
    case S_IFLNK: return "it is a symbolic link";
    case S_IFIFO: return "it is a fifo";
    case S_IFSOCK: return "it is a socket";
    default: return "it is a device";
  }
}

static void decide_strays(struct check *check)
{
  for (size_t i = 0; i < check->scan.stray_count; i++) {
    struct stray *stray = &check->scan.strays[i];

    if (stray->taken || stray->settled)
      continue;
    if (accept(check->report, ODD_STRAY, stray->path, what_is(stray)))
      plan_loss(&check->plan, stray->path, what_is(stray));
    else
      stray->declined = true;
    if (stray->declined && stray->number)
      find_or_add(&check->scan.messages, stray->number)->fate = IS_FROZEN;
  }
}

/* The messages whose number is not that of their inode, sorted by inode. */
struct misnamed {
  uint64_t inode, number;
};

static int compare_inodes(const void *one, const void *other)
{
  const struct misnamed *a = one, *b = other;

  return a->inode < b->inode ? -1 : a->inode > b->inode;
}

static struct misnamed *list_misnamed(const struct table *table, size_t *count)
{
  struct misnamed *list = NULL;
  size_t room = 0;

  *count = 0;
  for (size_t i = 0; i < table->count; i++) {
    const struct message *message = &table->at[i];

    if (!is_misnamed(message))
      continue;
    list = with_room(list, *count, &room, sizeof *list);
    list[(*count)++] = (struct misnamed) { message->inode, message->number };
  }
  if (*count)
    qsort(list, *count, sizeof *list, compare_inodes);
  return list;
}

/* A message that keeps its number blocks the one that should get this number. */
static void freeze_chain(const struct table *table, const struct misnamed *list, size_t count,
                         uint64_t number)
{
  for (;;) {
    const struct misnamed key = { .inode = number };
    size_t i = lower_bound(&key, list, count, sizeof key, compare_inodes);
    struct message *message;

    if (i == count || list[i].inode != number)
      return;
    message = find_message(table, list[i].number);
    if (message->fate != GOES)
      return;
    message->fate = IS_FROZEN;
    number = message->number;
  }
}

/* A message that needs the number of a frozen one is frozen too. */
static void freeze_chains(const struct table *table)
{
  size_t count;
  struct misnamed *list = list_misnamed(table, &count);

  for (size_t i = 0; i < table->count; i++)
    if (table->at[i].fate == IS_FROZEN)
      freeze_chain(table, list, count, table->at[i].number);
  free(list);
}

/* What stays is known before the first wrong number or place is reported, so that whatever
 * is reported as repaired is repaired.  But somebody who is asked may decline later. */
void decide_fates(struct check *check)
{
  struct table *table = &check->scan.messages;

  decide_strays(check);
  for (size_t i = 0; i < table->count; i++)
    if (table->at[i].has || table->at[i].marks & HANDS_OFF) {
      end_if_stopped();
      decide(check, &table->at[i]);
    }
  freeze_chains(table);
  for (size_t i = 0; i < table->count; i++)
    tidy(check, &table->at[i]);
  if (check->report->mode == ASK)
    freeze_chains(table);
}
