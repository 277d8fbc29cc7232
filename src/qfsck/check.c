/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares a queue with qmail's invariants, and writes into the journal what
 * repairs it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

void plan(struct check *check, const struct step *step)
{
  if (check->journal)
    add_step(check->journal, step);
}

void plan_move(struct check *check, const char *from, const char *to, const char *why)
{
  struct step step = { .verb = MOVE, .why = why };
  struct stat st;

  if (!check->journal || strcmp(from, to) == 0 || look_at(check->queue->fd, from, &st) == -1)
    return;
  step.inode = st.st_ino;
  snprintf(step.path, sizeof step.path, "%s", from);
  snprintf(step.to, sizeof step.to, "%s", to);
  add_step(check->journal, &step);
}

/* lost+found/mess.3.26: no two paths give the same name, whatever is in them. */
static void lost_name(char to[PATH_BYTES], const char *from, uint64_t inode)
{
  enum { LONGEST = 200 };
  char *end = to + sprintf(to, LOST_FOUND "/");

  for (; *from && end - to < LONGEST; from++) {
    if (isalnum((unsigned char) *from) || *from == '-' || *from == '_' || *from == '+')
      *end++ = *from;
    else if (*from == '/')
      *end++ = '.';
    else
      end += sprintf(end, "\\x%02x", (unsigned char) *from);
  }
  *end = '\0';
  if (*from)
    sprintf(end, "~%llu", (unsigned long long) inode);
}

static void plan_lost_found(struct check *check)
{
  struct stat st;

  if (!check->lost_found_is_planned && look_at(check->queue->fd, LOST_FOUND, &st) == -1)
    plan(check, &(struct step) { .verb = FOLDER, .path = LOST_FOUND, .mode = 0700 });
  check->lost_found_is_planned = true;
}

void plan_loss(struct check *check, const char *from, const char *why)
{
  char first[PATH_BYTES], to[PATH_BYTES];
  struct stat st;

  if (!check->journal || look_at(check->queue->fd, from, &st) == -1)
    return;
  plan_lost_found(check);
  lost_name(first, strncmp(from, WORK "/", sizeof WORK) == 0 ? from + sizeof WORK : from,
            st.st_ino);
  snprintf(to, sizeof to, "%s", first);
  for (int i = 2; look_at(check->queue->fd, to, &st) == 0; i++)
    snprintf(to, sizeof to, "%.600s~%d", first, i);
  plan_move(check, from, to, why);
}

void plan_owner(struct check *check, const char *path, enum user owner, const struct rule *rule,
                mode_t mode)
{
  struct step step = { .verb = OWN, .mode = mode, .uid = check->queue->ids.user[owner],
                       .gid = check->queue->ids.group };
  struct stat st;

  if (!check->journal || look_at(check->queue->fd, path, &st) == -1)
    return;
  step.inode = st.st_ino;
  if (rule && rule->any_group)
    step.gid = st.st_gid;
  snprintf(step.path, sizeof step.path, "%s", path);
  add_step(check->journal, &step);
}

static void plan_message(struct check *check, const struct message *message)
{
  uint64_t number = message->fate == GOES ? message->inode : message->number;
  char from[PATH_BYTES], to[PATH_BYTES];

  if (message->fate == GOES)
    plan(check, &(struct step) { .verb = NUMBER, .inode = number, .size = message->number });
  for (int kind = 0; kind < KINDS; kind++) {
    if (!(message->has & 1 << kind))
      continue;
    place_of(from, &check->scan, kind, message);
    if (message->wrong & 1 << kind && message->fate != IS_LOST)
      plan_owner(check, from, rules[kind].owner, &rules[kind], rules[kind].file_mode);
    path_of(to, check->queue->wanted, kind, number);
    if (message->fate == IS_LOST)
      plan_loss(check, from, message->has & 1 << MESS ? "the message is broken"
                                                      : "it belongs to no message");
    else if (message->drops & 1 << kind)
      plan_loss(check, from, "the message's state has no such file");
    else if (message->fate != IS_FROZEN)
      plan_move(check, from, to, "");
  }
}

/* The directories that are too many are left last, when their files have gone. */
static void plan_surplus(struct check *check)
{
  for (size_t i = 0; i < check->scan.surplus_count; i++) {
    const char *path = check->scan.surplus[i], *name = strrchr(path, '/') + 1;
    struct step step = { .verb = EMPTY };
    char shown[ESCAPED_BYTES];
    bool plain, is_number = number_of(name, &plain) || strcmp(name, "0") == 0;
    bool relayout = check->queue->wanted.split != check->queue->found.split
                 || check->queue->wanted.big_todo != check->queue->found.big_todo;

    if (!(relayout && is_number)
        && !accept(check->report, SAFE, "%s: is a directory that qmail does not look into.",
                   escape(shown, path)))
      continue;
    snprintf(step.path, sizeof step.path, "%s", path);
    if (is_number)
      plan(check, &step);
    else
      plan_loss(check, path, "it is no split directory");
  }
}

static bool has_work(const struct check *check, const struct message *message)
{
  return message->fate != STAYS || message->strays || message->wrong || message->drops
      || check->queue->wanted.split != check->queue->found.split
      || (check->queue->wanted.big_todo != check->queue->found.big_todo
          && message->has & (1 << TODO | 1 << INTD));
}

static const char *todo_word(struct layout layout)
{
  return layout.big_todo ? "split" : "not split";
}

/* True if the layout is as wanted, or is to become so. */
static bool check_layout(struct check *check)
{
  const struct layout found = check->queue->found, wanted = check->queue->wanted;

  return (found.split == wanted.split && found.big_todo == wanted.big_todo)
      || accept(check->report, SAFE, "The queue is split %u ways, todo and intd are %s; "
                "%u ways and %s is wanted.", found.split, todo_word(found),
                wanted.split, todo_word(wanted));
}

void check_queue(struct check *check)
{
  if (!check_layout(check) && check->journal)
    return;
  scan_queue(&check->scan, check->queue);
  if (!check_skeleton(check) && check->journal)
    return;
  adopt_strays(&check->scan);
  decide_fates(check);
  for (size_t i = 0; check->journal && i < check->scan.messages.count; i++)
    if (has_work(check, &check->scan.messages.at[i]))
      plan_message(check, &check->scan.messages.at[i]);
  plan_surplus(check);
}
