/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the messages of strays: by number, and of a mess file by its inode too. */
#include <stdio.h>
#include <string.h>

#include "adopt.h"
#include "array.h"

static void become_file_of(struct message *message, struct stray *stray)
{
  stray->taken = true;
  stray->number = message->number;
  add(&message->has, stray->kind);
  add(&message->strays, stray->kind);
  drop(&message->wrong, stray->kind);
  if (stray->wrong)
    add(&message->wrong, stray->kind);
  if (stray->kind == MESS)
    message->inode = stray->inode;
  if (stray->kind == TODO)
    message->envelope = stray->inode;
  if (is_envelope(stray->kind))
    add_envelope(message, &stray->envelope);
}

/* The message's own mess file becomes a stray.  SORTED: how many strays are sorted. */
static void cast_out(struct scan *scan, size_t sorted, struct message *message)
{
  char path[PATH_BYTES];
  size_t i = find_stray(scan, sorted, message->number, MESS);

  for (; has(message->strays, MESS) && i < sorted && scan->strays[i].kind == MESS
         && scan->strays[i].number == message->number;
       i++)
    if (scan->strays[i].taken) {
      scan->strays[i].taken = false;
      return;
    }
  path_of(path, scan->queue->found, MESS, message->number);
  add_stray(scan, &(struct stray) { .path = copy_of(path),
                                    .number = message->number,
                                    .inode = message->inode,
                                    .kind = MESS,
                                    .type = S_IFREG,
                                    .wrong = has(message->wrong, MESS) });
}

/* Whether a later stray of the same message and kind is whole, and this one is broken. */
static bool comes_a_better(const struct scan *scan, size_t index)
{
  const struct stray *stray = &scan->strays[index];

  if (!is_envelope(stray->kind) || is_whole(&stray->envelope))
    return false;
  for (size_t i = index + 1; i < scan->stray_count; i++) {
    const struct stray *other = &scan->strays[i];

    if (other->number != stray->number || other->kind != stray->kind)
      return false;
    if (other->type == S_IFREG && !other->settled && is_whole(&other->envelope))
      return true;
  }
  return false;
}

/* Whether it lies where a split directory belongs, and nothing but its name makes it a
 * message's file. */
static bool is_in_place_of_folder(const struct scan *scan, const struct stray *stray)
{
  const char *name = after_folder(stray->path, rules[stray->kind].name);
  const struct message *message = find_message(&scan->messages, stray->number);

  if (!is_split(stray->kind, scan->queue->wanted) || strchr(name, '/')
      || stray->number >= scan->queue->wanted.split)
    return false;
  switch (stray->kind) {
    case MESS: return stray->inode != stray->number && !(message && message->has);
    case INTD: return !(message && message->has);
    default: return !is_whole(&stray->envelope);
  }
}

static void adopt_by_number(struct scan *scan)
{
  size_t count = scan->stray_count;

  for (size_t i = 0; i < count; i++) {
    struct stray *stray = &scan->strays[i];
    struct message *message;

    if (stray->type != S_IFREG || stray->settled || !stray->number || comes_a_better(scan, i)
        || is_in_place_of_folder(scan, stray))
      continue;
    message = find_or_add(&scan->messages, stray->number);
    if (has(message->has, stray->kind)) {
      if (stray->kind != MESS || message->inode == message->number
          || stray->inode != message->number || message->marks & HANDS_OFF)
        continue;
      cast_out(scan, count, message);
      stray = &scan->strays[i];
    }
    become_file_of(message, stray);
  }
}

static struct message *without_mess(const struct scan *scan, uint64_t number)
{
  struct message *message = find_message(&scan->messages, number);

  return message && message->has && !has(message->has, MESS) ? message : NULL;
}

/* A mess file that was renamed: the envelope still has its inode's number. */
static void adopt_by_inode(struct scan *scan)
{
  size_t sorted = scan->stray_count;

  sort_strays(scan);
  for (size_t i = 0; i < scan->messages.count; i++) {
    struct message *message = &scan->messages.at[i];
    struct message *true_one = message->has == 1 << MESS && message->inode != message->number
                                && !(message->marks & HANDS_OFF)
                               ? without_mess(scan, message->inode)
                               : NULL;

    if (!true_one)
      continue;
    cast_out(scan, sorted, message);
    message->has = message->strays = message->wrong = 0;
  }
  for (size_t i = 0; i < scan->stray_count; i++) {
    struct stray *stray = &scan->strays[i];
    struct message *message = stray->kind == MESS && stray->type == S_IFREG && !stray->taken
                               && !stray->settled
                              ? without_mess(scan, stray->inode)
                              : NULL;

    if (message)
      become_file_of(message, stray);
  }
}

/* If todo or intd was a stray, they can be compared only now. */
static void compare_envelopes(struct scan *scan)
{
  char path[PATH_BYTES];
  struct stat st;

  for (size_t i = 0; i < scan->stray_count; i++) {
    const struct stray *stray = &scan->strays[i];
    struct message *message;

    if (!stray->taken || (stray->kind != TODO && stray->kind != INTD))
      continue;
    message = find_message(&scan->messages, stray->number);
    if (!has(message->has, INTD) || !has(message->has, TODO))
      continue;
    place_of(path, scan, INTD, message);
    if (look_at(scan->queue->fd, path, &st) == 0 && st.st_ino == message->envelope)
      message->marks |= INTD_IS_TODO;
  }
}

void adopt_strays(struct scan *scan)
{
  adopt_by_number(scan);
  adopt_by_inode(scan);
  sort_strays(scan);
  compare_envelopes(scan);
}
