/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of names: what each takes away from those before it, and whether anybody would miss
 * it. */
#include "changes.h"
#include "contents.h"
#include "knowers.h"
#include "memory.h"

/* The name was made by a program that flushed it, by its directory, and its contents: it is
 * one that would be missed, and is not welcome back once it is removed. */
static bool was_meant_to_last(const struct change *change)
{
  return change && change->durable && change->deliberate && change->kind != REMOVED
      && S_ISREG(change->file->mode) && change->file->flushed;
}

void settle(struct change *change)
{
  change->durable = now();
  if (change->kind == REMOVED)
    change->entry->on_disk = false;
  else if (was_meant_to_last(change))
    change->entry->on_disk = true;
}

/* Whether the change EARLIER still counts when CHANGE takes its name away.  Who was told, and
 * then sees another program take it away, was told something; and a file that was flushed and
 * told is no temporary one, but for instance a message, which is removed once it has been
 * delivered. */
static bool still_counts(const struct change *earlier, const struct change *change)
{
  if (!earlier->told.when)
    return false;
  return earlier->by != change->by
      || (change->kind == REMOVED && !change->other_names && earlier->file->flushed);
}

/* The changes that gave ENTRY its present name, and those before them that the programs made
 * there, are taken back by CHANGE. */
static void undo(struct name *entry, const struct change *change)
{
  struct change *earlier = entry->latest;

  for (; earlier && earlier->kind != REMOVED; earlier = earlier->previous) {
    if (!still_counts(earlier, change))
      earlier->undone = now();
    if (!entry->made_here)
      break;
  }
}

/* Whether anybody would notice if ENTRY, which is removed now, came back.  A second name,
 * by which a file came to its last one, is a temporary one. */
static bool would_be_noticed(struct name *entry, bool other_names)
{
  if (!entry->known)
    entry->on_disk = true;
  entry->known = true;
  if (entry->made_here && other_names)
    return false;
  return entry->on_disk || was_meant_to_last(entry->latest);
}

static struct change *record(const struct change *draft)
{
  struct change *change = allocate(sizeof *change), *before = draft->entry->latest;

  *change = *draft;
  change->when = now();
  change->previous = before;
  if (before && !before->told.when)
    before->superseded = true;
  change->entry->latest = change;
  if (change->kind == CREATED)
    change->file->maker = change->by;
  append(&all_changes, change);
  append(&change->directory->changes, change);
  if (change->old_directory)
    append(&change->old_directory->changes, change);
  if (change->kind == MADE_DIRECTORY)
    change->file->named = change;
  if (change->kind != REMOVED)
    append(&change->file->names, change);
  if (change->kind != REMOVED && S_ISREG(change->file->mode))
    speak_for_bytes(change);
  keep_to_tell(change);
  if (change->directory->synchronous
      && (!change->old_directory || change->old_directory->synchronous))
    settle(change);
  return change;
}

/* Whether a good file was lost with the name that CHANGE takes: not one that the programs
 * had only just made there. */
static bool replaces_good_file(const struct change *change)
{
  const struct name *entry = change->entry;

  return change->replaced
      && !(entry->known && entry->made_here && entry->latest && !entry->latest->durable
           && !entry->latest->durable_on_linux);
}

/* Whether the directory, or one above it, was made in this run and nobody was told of it so
 * far: what is in it is not yet expected by anybody, and may be incomplete. */
static bool is_not_known_yet(const struct file *directory)
{
  const struct change *made = directory->named;

  return made && (is_open(made) || is_not_known_yet(made->directory));
}

struct change *add_change(const struct change *draft, struct name *old)
{
  struct change change = *draft;

  change.replaced = replaces_good_file(draft);
  if (!change.entry->known) {
    change.entry->on_disk = change.replaced;
    change.entry->made_here = !change.replaced;
  }
  change.entry->known = true;
  if (old && old != change.entry) {
    if (would_be_noticed(old, false) && old->directory != change.directory)
      change.old_directory = old->directory;
    undo(old, draft);
    old->latest = NULL;
  }
  if (S_ISREG(change.file->mode) && change.kind != CREATED)
    change.bytes_behind = change.file->written > change.file->sent
                       && !is_not_known_yet(change.directory);
  return record(&change);
}

/* The removed directory can be flushed no more.  When its own removal is durable, what was
 * taken out of it does not come back either.  True if anybody would notice if it did. */
static bool take_over(const struct change *removal)
{
  struct file *gone = removal->file, *above = removal->directory;
  bool noticed = false;

  for (size_t i = 0; i < gone->changes.count; i++) {
    struct change *change = gone->changes.at[i];

    if (change->old_directory == gone && change->directory != gone) {
      change->old_directory = above;
      if (change->directory != above)
        append(&above->changes, change);
    } else if (change->kind == REMOVED && is_open(change)) {
      change->undone = now();
      noticed = true;
    }
  }
  gone->changes.count = 0;
  return noticed;
}

struct change *add_removal(const struct change *draft)
{
  bool noticed = would_be_noticed(draft->entry, draft->other_names);

  if (S_ISDIR(draft->file->mode) && take_over(draft))
    noticed = true;
  undo(draft->entry, draft);
  draft->entry->latest = NULL;
  return noticed ? record(draft) : NULL;
}
