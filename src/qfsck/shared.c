/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that have several names.
 *
 * A power cut on a filesystem without a journal leaves such files, when an inode is used
 * again while an old name of it is still on the disk; a tool that saves space makes them
 * too.  qmail-send marks recipients as done in local and remote, so if two messages share
 * such a file, it forgets recipients of one of them.
 *
 * The content shows whose file it is: a todo, an info and a list of recipients can be told
 * from each other, and from a text.  Of the messages whose file it can be, one keeps it and
 * the others get copies.  A message whose file it cannot be loses the name, and is TORN if it
 * cannot do without.  If nothing shows whose file it is, all of them are TORN.  So they are
 * if the filesystem's fsck has joined the names, for then it was the file of only one. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "names.h"
#include "shared.h"

enum action { KEEP, COPY_IT, UNLINK, UNLINK_AND_TEAR, TEAR };

static bool is_todo_and_intd(const struct group *group)
{
  const struct name *names = group->names;

  return group->count == 2 && names[0].owner && names[0].owner == names[1].owner
      && names[0].kind + names[1].kind == TODO + INTD
      && (names[0].kind == TODO || names[1].kind == TODO);
}

/* The only kind that the content can be; KINDS if there are several or none. */
static enum kind kind_of_content(const struct group *group)
{
  uint8_t whole = 0, texts = 0;

  for (size_t i = 0; i < group->count; i++) {
    const struct name *name = &group->names[i];

    if (!name->owner)
      continue;
    if (!is_envelope(name->kind))
      add(&texts, name->kind);
    else if (has(name->owner->whole, name->kind))
      add(&whole, name->kind);
  }
  if (!whole)
    whole = texts;
  for (int kind = 0; kind < KINDS; kind++)
    if (whole == 1 << kind)
      return kind;
  return KINDS;
}

/* Whether the message can do without the file: qmail-send makes its own files again while
 * there is a todo, and removes a message that is only half made. */
static bool can_be_without(const struct name *name)
{
  const struct message *message = name->owner;
  bool is_queued = has(message->has & message->whole, TODO);

  switch (name->kind) {
    case MESS: return !has(message->has, TODO) && !has(message->has, INFO);
    case INTD:
    case BOUNCE: return true;
    case INFO:
    case LOCAL:
    case REMOTE: return is_queued;
    default: return false;
  }
}

static bool is_foreign(const struct group *group)
{
  for (size_t i = 0; i < group->count; i++)
    if (group->names[i].owner && has(group->names[i].owner->wrong, group->names[i].kind))
      return group->outside > 0;
  return false;
}

static enum action action_for(const struct group *group, const struct name *name, enum kind content)
{
  bool fits = name->kind == content || (name->kind == INTD && content == TODO);

  if (content == KINDS || is_foreign(group))
    return name == group->keeper ? TEAR : can_be_without(name) ? UNLINK : UNLINK_AND_TEAR;
  if (name == group->keeper)
    return group->outside ? COPY_IT : KEEP;
  if (name->kind == INTD && group->keeper->owner == name->owner && group->keeper->kind == TODO
      && !group->outside)
    return KEEP;
  if (can_be_without(name) && !(fits && name->kind == BOUNCE))
    return UNLINK;
  return fits ? COPY_IT : UNLINK_AND_TEAR;
}

static bool has_its_intd(const struct group *group, const struct name *name)
{
  for (size_t i = 0; name->kind == TODO && i < group->count; i++)
    if (group->names[i].kind == INTD && group->names[i].owner == name->owner)
      return true;
  return false;
}

/* The name that keeps the file.  What counts, most first: it fits the content, its message
 * cannot do without it, the message's number is the inode or its intd is the same file. */
static const struct name *keeper_of(const struct group *group, enum kind content)
{
  const struct name *keeper = NULL;
  int best = -1;

  for (size_t i = 0; i < group->count; i++) {
    const struct name *name = &group->names[i];
    int worth;

    if (!name->owner)
      continue;
    worth = 4 * (name->kind == content) + 2 * !can_be_without(name)
          + ((name->kind == MESS && name->owner->number == name->inode)
             || has_its_intd(group, name));
    if (worth > best) {
      best = worth;
      keeper = name;
    }
  }
  return keeper;
}

static enum problem problem_of(const struct group *group, enum action action)
{
  switch (action) {
    case UNLINK: return SECOND_NAME;
    case COPY_IT: return group->outside ? OUTSIDE_NAME : SHARED_FILE;
    default: return is_foreign(group) ? FOREIGN_FILE : NOT_ITS_FILE;
  }
}

/* All actions or none: if one is declined, all are. */
static bool accept_actions(const struct group *group, const enum action *actions)
{
  struct report *report = group->check->report;
  bool accepted = true;
  unsigned long before = report->accepted;

  for (size_t i = 0; report->mode == PREEN && i < group->count; i++)
    accepted = accepted
            && (actions[i] == KEEP || problems[problem_of(group, actions[i])].safety == SAFE);
  for (size_t i = 0; i < group->count; i++) {
    const struct name *name = &group->names[i];
    enum problem problem = problem_of(group, actions[i]);
    bool has_no_other = problem == OUTSIDE_NAME || problem == FOREIGN_FILE;
    const char *other = has_no_other          ? ""
                      : name != group->keeper ? group->keeper->path
                      : group->count > 1      ? group->names[i == 0].path
                                              : "a file outside the queue";

    if (actions[i] == KEEP)
      continue;
    if (accepted || report->mode == ONLY_REPORT)
      accepted &= accept(report, problem, name->path, other);
    else
      leave(report, problem, name->path, other);
  }
  if (!accepted)
    report->accepted = before;
  return accepted;
}

static struct stray *stray_of(const struct scan *scan, size_t sorted, const struct name *name,
                              uint64_t number)
{
  for (size_t i = find_stray(scan, sorted, number, name->kind);
       i < sorted && scan->strays[i].number == number && scan->strays[i].kind == name->kind; i++)
    if (strcmp(scan->strays[i].path, name->path) == 0)
      return &scan->strays[i];
  return NULL;
}

static void lose_name(struct group *group, size_t sorted, const struct name *name)
{
  struct message *message = name->owner;
  struct stray *stray = stray_of(&group->check->scan, sorted, name, message->number);

  if (stray) {
    stray->taken = false;
    stray->settled = true;
  }
  plan_second(&group->check->plan, name->path, name->inode);
  drop(&message->has, name->kind);
  drop(&message->strays, name->kind);
  drop(&message->whole, name->kind);
  if (name->kind == TODO || name->kind == INTD)
    message->marks &= (uint8_t) ~INTD_IS_TODO;
}

static void give_copy(struct group *group, size_t sorted, const struct name *name)
{
  struct scan *scan = &group->check->scan;
  struct message *message = name->owner;
  bool is_whole = has(message->whole, name->kind);
  struct stray copy = { .kind = name->kind,
                        .number = message->number,
                        .type = S_IFREG,
                        .wrong = has(message->wrong, name->kind),
                        .taken = true };
  char path[PATH_BYTES];

  copy.inode = make_copy(&group->check->plan, name->path, path);
  copy.path = copy_of(path);
  lose_name(group, sorted, name);
  add_stray(scan, &copy);
  add(&message->has, name->kind);
  add(&message->strays, name->kind);
  if (is_whole)
    add(&message->whole, name->kind);
  if (name->kind == MESS)
    message->inode = copy.inode;
  if (name->kind == TODO)
    message->envelope = copy.inode;
}

static void take_action(struct group *group, size_t sorted, const struct name *name,
                        enum action action)
{
  if (action == TEAR || action == UNLINK_AND_TEAR)
    name->owner->marks |= TORN;
  if (action == COPY_IT)
    give_copy(group, sorted, name);
  else if (action == UNLINK || action == UNLINK_AND_TEAR)
    lose_name(group, sorted, name);
}

static void leave_alone(const struct group *group)
{
  for (size_t i = 0; i < group->count; i++)
    if (group->names[i].owner)
      group->names[i].owner->marks |= HANDS_OFF;
}

/* Names that belong to no message: one stays, if the file has no other. */
static void settle_strays(struct group *group, size_t sorted)
{
  const char *first = group->keeper ? group->keeper->path : NULL;

  for (size_t i = 0; i < group->count; i++) {
    const struct name *name = &group->names[i];
    struct stray *stray = name->owner ? NULL
                                      : stray_of(&group->check->scan, sorted, name, name->number);

    if (!stray || stray->settled)
      continue;
    if (!first) {
      first = name->path;
      continue;
    }
    stray->settled = true;
    if (accept(group->check->report, SECOND_NAME, name->path, first))
      plan_second(&group->check->plan, name->path, name->inode);
    else
      stray->declined = true;
    if (stray->declined)
      leave_alone(group);
  }
}

/* For a check that only reports: it also reports which messages would be lost as a whole. */
static void tell_torn(const struct group *group, const enum action *actions)
{
  for (size_t i = 0; i < group->count; i++)
    if (group->names[i].owner)
      group->names[i].owner->marks |= actions[i] == TEAR || actions[i] == UNLINK_AND_TEAR
                                      ? TORN
                                      : HANDS_OFF;
}

static void settle_owners(struct group *group, size_t sorted, enum kind content)
{
  enum action *actions = grow(NULL, group->count, sizeof *actions);
  bool accepted;

  for (size_t i = 0; i < group->count; i++)
    actions[i] = group->names[i].owner ? action_for(group, &group->names[i], content) : KEEP;
  accepted = accept_actions(group, actions);
  if (!accepted && !group->check->plan.journal)
    tell_torn(group, actions);
  else if (!accepted)
    leave_alone(group);
  for (size_t i = 0; accepted && i < group->count; i++)
    take_action(group, sorted, &group->names[i], actions[i]);
  free(actions);
}

static void settle_group(struct group *group, size_t sorted)
{
  enum kind content;
  size_t owners = 0, untouchable = 0;

  look_again(group);
  if (group->count == 0 || (group->count == 1 && !group->outside)
      || (!group->outside && is_todo_and_intd(group)))
    return;
  for (size_t i = 0; i < group->count; i++)
    if (group->names[i].owner) {
      owners++;
      untouchable += (group->names[i].owner->marks & HANDS_OFF) != 0;
    }
  if (untouchable) {
    leave_alone(group);
    return;
  }
  content = was_joined_by_fsck(group) ? KINDS : kind_of_content(group);
  group->keeper = keeper_of(group, content);
  settle_strays(group, sorted);
  if (owners > 1 || (owners == 1 && group->outside))
    settle_owners(group, sorted, content);
}

void share_out(struct check *check)
{
  struct scan *scan = &check->scan;
  size_t sorted = scan->stray_count;

  sort_names(scan);
  for (size_t i = 0, next; i < scan->name_count; i = next) {
    struct group group = { .check = check, .names = &scan->names[i] };

    end_if_stopped();
    for (next = i; next < scan->name_count && scan->names[next].inode == scan->names[i].inode;)
      next++;
    group.count = next - i;
    settle_group(&group, sorted);
  }
  sort_strays(scan);
}
