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
#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>

#include "check.h"

enum { CHANNELS = 1 << LOCAL | 1 << REMOTE };

static bool has(const struct message *message, enum kind kind)
{
  return message->has & 1 << kind;
}

static bool is_misnamed(const struct message *message)
{
  return has(message, MESS) && message->inode != message->number;
}

/* Whether info and the channels that are there parse. */
static bool is_preprocessed(const struct message *message)
{
  uint8_t needed = 1 << INFO | (message->has & CHANNELS);

  return (message->whole & needed) == needed;
}

/* todo is there, and so are info and its channels.  A delivery, or a bounce, was
 * only begun after todo had been removed: a crash has brought it back, and to
 * keep it would deliver once more to those who are done.  A todo that is broken
 * is no loss if it was preprocessed. */
static bool is_todo_a_ghost(const struct message *message)
{
  if (!has(message, INFO) || !is_preprocessed(message))
    return false;
  if (message->marks & ANY_DONE)
    return true;
  if (!(message->whole & 1 << TODO))
    return message->has & CHANNELS;
  return has(message, BOUNCE) && message->in_channels >= message->in_todo;
}

/* What has to go for the message to be in one of the states; all of it, if its
 * envelope is broken. */
static uint8_t excess_of(const struct message *message)
{
  uint8_t all = message->has;

  if (!has(message, MESS))
    return all;
  if (has(message, TODO)) {
    if (is_todo_a_ghost(message))
      return all & (1 << TODO | 1 << INTD);
    if (!(message->whole & 1 << TODO))
      return all;
    return all & (1 << BOUNCE | (message->marks & INTD_IS_TODO ? 0 : 1 << INTD));
  }
  if (has(message, INFO))
    return is_preprocessed(message) ? all & 1 << INTD : all;
  /* Without a sender; but where all are done, qmail-send was about to end. */
  if (message->has & CHANNELS
      && ((message->marks & ANY_NOT_DONE) || (message->whole & CHANNELS) != (all & CHANNELS)))
    return all;
  return all & (CHANNELS | 1 << BOUNCE);
}

/* In a queue at work what was read may be true no more. */
static bool is_settled(const struct check *check, const struct message *message)
{
  char path[PATH_BYTES];
  struct stat st;

  if (check->journal)
    return true;
  for (int kind = 0; kind < KINDS; kind++) {
    bool there;

    place_of(path, &check->scan, kind, message);
    there = look_at(check->queue->fd, path, &st) == 0;
    if (there != has(message, kind))
      return false;
  }
  return true;
}

static void lose(struct check *check, struct message *message, const char *why)
{
  char path[PATH_BYTES], shown[ESCAPED_BYTES];

  if (has(message, MESS)) {
    message->fate = accept(check->report, UNSAFE, "message %" PRIu64 ": %s.",
                           message->number, why) ? IS_LOST : IS_FROZEN;
    return;
  }
  message->fate = IS_LOST;
  for (int kind = 0; kind < KINDS; kind++) {
    if (!has(message, kind))
      continue;
    place_of(path, &check->scan, kind, message);
    if (!accept(check->report, UNSAFE, "%s: belongs to no message.", escape(shown, path)))
      message->fate = IS_FROZEN;
  }
}

static void drop(struct check *check, struct message *message, uint8_t excess)
{
  char path[PATH_BYTES], shown[ESCAPED_BYTES];

  for (int kind = 0; kind < KINDS; kind++) {
    if (!(excess & 1 << kind))
      continue;
    place_of(path, &check->scan, kind, message);
    if (accept(check->report, UNSAFE, "%s: no such file belongs to message %" PRIu64
               " in its state.", escape(shown, path), message->number))
      message->drops |= 1 << kind;
    else
      message->fate = IS_FROZEN;
  }
}

/* Its file, or one of its envelope's, is also another message's. */
static bool shares_files(const struct check *check, const struct message *message)
{
  struct message renamed = { .number = message->inode };
  char from[PATH_BYTES], to[PATH_BYTES];
  struct stat st, other;

  for (int kind = 0; kind < KINDS; kind++) {
    if (!has(message, kind))
      continue;
    place_of(from, &check->scan, kind, message);
    place_of(to, &check->scan, kind, &renamed);
    if (look_at(check->queue->fd, from, &st) == 0 && look_at(check->queue->fd, to, &other) == 0
        && st.st_ino == other.st_ino)
      return true;
  }
  return false;
}

static void tidy(struct check *check, struct message *message)
{
  char path[PATH_BYTES], shown[ESCAPED_BYTES];

  for (int kind = 0; kind < KINDS; kind++) {
    if (!(message->has & ~message->drops & 1 << kind))
      continue;
    place_of(path, &check->scan, kind, message);
    if (message->strays & 1 << kind
        && !accept(check->report, SAFE, "%s: is a file of message %" PRIu64
                   ", which is not where it belongs.", escape(shown, path), message->number))
      message->fate = IS_FROZEN;
    if (message->wrong & 1 << kind
        && !accept(check->report, SAFE, "%s: has the wrong owner, group or mode.",
                   escape(shown, path)))
      message->wrong &= ~(1 << kind);
  }
}

static void decide(struct check *check, struct message *message)
{
  uint8_t excess = excess_of(message);

  if (message->marks & UNREADABLE) {
    accept(check->report, HOPELESS, "message %" PRIu64 ": its envelope cannot be read.",
           message->number);
    message->fate = IS_FROZEN;
    return;
  }
  if (excess && !is_settled(check, message))
    return;
  if (excess && excess == message->has) {
    lose(check, message, "its envelope is broken");
    return;
  }
  if (is_misnamed(message) && shares_files(check, message)) {
    lose(check, message, "it shares a file with another message");
    return;
  }
  drop(check, message, excess);
  if (is_misnamed(message)) {
    if (!accept(check->report, SAFE, "message %" PRIu64 ": its file is inode %" PRIu64
                ", so that is its number.", message->number, message->inode))
      message->fate = IS_FROZEN;
    else if (message->fate == STAYS)
      message->fate = GOES;
  }
  tidy(check, message);
}

static const char *what_is(const struct stray *stray)
{
  switch (stray->type) {
    case S_IFREG: break;
    case S_IFDIR: return "is a directory where a file belongs";
    case S_IFLNK: return "is a symbolic link where a file belongs";
    case S_IFIFO: return "is a fifo where a file belongs";
    case S_IFSOCK: return "is a socket where a file belongs";
    default:      return "is a device where a file belongs";
  }
  return stray->number ? "is not the file of that message" : "has a name that is no number";
}

static void decide_strays(struct check *check)
{
  for (size_t i = 0; i < check->scan.stray_count; i++) {
    struct stray *stray = &check->scan.strays[i];
    char shown[ESCAPED_BYTES];

    if (stray->taken)
      continue;
    if (accept(check->report, UNSAFE, "%s: %s.", escape(shown, stray->path), what_is(stray)))
      plan_loss(check, stray->path, what_is(stray));
    else if (stray->number)
      find_or_add(&check->scan.messages, stray->number)->fate = IS_FROZEN;
  }
}

/* The messages that are called other than their inode, by inode. */
struct misnamed {
  uint64_t inode, number;
};

static int compare_inodes(const void *one, const void *other)
{
  const struct misnamed *a = one, *b = other;

  if (a->inode != b->inode)
    return a->inode < b->inode ? -1 : 1;
  return a->number < b->number ? -1 : a->number > b->number;
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
    if (*count == room) {
      room = 2 * room + 64;
      list = grow(list, room, sizeof *list);
    }
    list[(*count)++] = (struct misnamed) { message->inode, message->number };
  }
  if (*count)
    qsort(list, *count, sizeof *list, compare_inodes);
  return list;
}

/* One file cannot be two messages. */
static void lose_doubles(struct check *check, const struct misnamed *list, size_t count)
{
  for (size_t i = 1; i < count; i++) {
    struct message *message = find_message(&check->scan.messages, list[i].number);

    if (list[i].inode == list[i - 1].inode && message->fate == GOES)
      lose(check, message, "its file is also another message's");
  }
}

/* What does not go keeps its number from whoever wants it. */
static void freeze_chain(const struct table *table, const struct misnamed *list, size_t count,
                         uint64_t number)
{
  for (;;) {
    struct message *message;
    size_t low = 0, high = count;

    while (low < high) {
      size_t middle = low + (high - low) / 2;

      if (list[middle].inode < number)
        low = middle + 1;
      else
        high = middle;
    }
    if (low == count || list[low].inode != number)
      return;
    message = find_message(table, list[low].number);
    if (message->fate != GOES)
      return;
    message->fate = IS_FROZEN;
    number = message->number;
  }
}

void decide_fates(struct check *check)
{
  struct table *table = &check->scan.messages;
  struct misnamed *list;
  size_t count;

  decide_strays(check);
  for (size_t i = 0; i < table->count; i++)
    if (table->at[i].has)
      decide(check, &table->at[i]);
  list = list_misnamed(table, &count);
  lose_doubles(check, list, count);
  for (size_t i = 0; i < table->count; i++)
    if (table->at[i].fate == IS_FROZEN)
      freeze_chain(table, list, count, table->at[i].number);
  free(list);
}
