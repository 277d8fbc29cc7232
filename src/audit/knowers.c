/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which process knows of which changes, and who outside was told. */
#include <stdio.h>
#include <stdlib.h>

#include "knowers.h"
#include "memory.h"
#include "notes.h"

/* Those that nobody outside was told yet, and that somebody still could be. */
static struct list untold;

void learn(struct change *change, const struct process *process)
{
  if (change->knower_count == change->knower_room) {
    change->knower_room = 2 * change->knower_room + 1;
    change->knowers = or_die(
      reallocarray(change->knowers, change->knower_room, sizeof *change->knowers));
  }
  change->knowers[change->knower_count++] = process;
}

bool knows(const struct process *process, const struct change *change)
{
  for (size_t i = 0; i < change->knower_count; i++)
    if (change->knowers[i] == process)
      return true;
  return false;
}

bool is_open(const struct change *change)
{
  return !change->told.when && !change->closed && !change->superseded && !change->undone;
}

void close_change(struct change *change)
{
  change->closed = true;
  if (change->kind == WRITTEN && change->file->rewrite == change)
    change->file->rewrite = NULL;
}

/* A write that was flushed before anybody was told is in no other list. */
static void free_write(struct change *change)
{
  if (change->kind != WRITTEN || change->told.when || change->perhaps.when)
    return;
  free(change->knowers);
  free(change->path);
  free(change);
}

/* Those of which nobody will be told any more are in the way of a long run. */
static void drop_closed(void)
{
  size_t left = 0;

  for (size_t i = 0; i < untold.count; i++)
    if (is_open(untold.at[i]))
      untold.at[left++] = untold.at[i];
    else
      free_write(untold.at[i]);
  untold.count = left;
}

void keep_to_tell(struct change *change)
{
  enum { MANY = 1024 };

  /* Seldom, if there are many. */
  if (untold.count >= MANY && (untold.count & (untold.count - 1)) == 0)
    drop_closed();
  append(&untold, change);
  learn(change, change->by);
}

bool is_at_risk(const struct change *change)
{
  return (change->kind != WRITTEN && !change->durable)
      || (change->kind != REMOVED && bytes_at_risk(change->file));
}

/* Memory that processes share is not watched: BY may know of CHANGE by that. */
static bool may_know(const struct process *by, const struct change *change)
{
  return is_at_risk(change) && by->shares_memory && change->by->shares_memory;
}

bool has_news(const struct process *by)
{
  drop_closed();
  for (size_t i = 0; i < untold.count; i++)
    if (knows(by, untold.at[i]) || may_know(by, untold.at[i]))
      return true;
  return false;
}

/* Several things may be under way at the same time: what another thread tells need not be
 * about what this one is just about to flush. */
static bool is_by_chance(const struct change *change, const struct process *by, pid_t thread)
{
  return by == change->by && thread && thread != change->thread;
}

static void tell_of(struct change *change, const struct process *by, pid_t thread, const char *how,
                    moment when)
{
  struct telling telling = {
    .when = when,
    .by = by,
    .thread = thread,
    .name = change->kind != WRITTEN && !change->durable,
    .name_on_linux = change->kind != WRITTEN && !change->durable && !change->durable_on_linux,
    .bytes = change->kind != REMOVED && bytes_at_risk(change->file),
  };

  const bool listed = change->kind != WRITTEN || change->perhaps.when;

  snprintf(telling.how, sizeof telling.how, "%s", how);
  if (!is_at_risk(change))
    close_change(change);
  else if (!is_by_chance(change, by, thread))
    change->told = telling;
  else if (!change->perhaps.when)
    change->perhaps = telling;
  if (!listed && (change->told.when || change->perhaps.when))
    append(&all_changes, change);
}

void tell(const struct process *by, pid_t thread, const char *how)
{
  moment when = now();
  size_t left = 0;

  for (size_t i = 0; i < untold.count; i++) {
    struct change *change = untold.at[i];

    if (is_open(change) && knows(by, change))
      tell_of(change, by, thread, how, when);
    else if (is_open(change) && may_know(by, change))
      take_note(SHARED_MEMORY, change->command);
    if (is_open(change))
      untold.at[left++] = change;
    else
      free_write(change);
  }
  untold.count = left;
}

void share(const struct process *from, struct process *to)
{
  drop_closed();
  for (size_t i = 0; i < untold.count; i++)
    if (knows(from, untold.at[i]) && !knows(to, untold.at[i]))
      learn(untold.at[i], to);
}

static void forget(struct change *change, const struct process *process)
{
  for (size_t i = 0; i < change->knower_count; i++)
    if (change->knowers[i] == process) {
      change->knowers[i] = change->knowers[--change->knower_count];
      return;
    }
}

bool hand_over(struct process *process)
{
  struct process *parent = process->parent;

  process->alive = false;
  if (!parent || !parent->alive)
    return false;
  share(process, parent);
  for (size_t i = 0; i < untold.count; i++)
    forget(untold.at[i], process);
  return true;
}
