/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is durable: every change of a name, what the programs flushed since, and who was
 * told in between. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
#include "model.h"

struct list all_changes;

/* Those that nobody outside was told yet, and that somebody still could be. */
static struct list untold;

static void *files, *names;

moment now(void)
{
  static moment last;

  return ++last;
}

static void append(struct list *list, struct change *change)
{
  list->at = grow(list->at, list->count, sizeof *list->at);
  list->at[list->count++] = change;
}

static int compare_files(const void *left, const void *right)
{
  const struct file *a = left, *b = right;

  if (a->device != b->device)
    return a->device < b->device ? -1 : 1;
  return (a->number > b->number) - (a->number < b->number);
}

static struct file *make_file(const char *path, const struct stat *st)
{
  struct file *file = allocate(sizeof *file);

  file->device = st->st_dev;
  file->number = st->st_ino;
  file->mode = st->st_mode;
  file->filesystem = filesystem_of(path, st->st_dev);
  if (S_ISDIR(st->st_mode)) {
    file->synchronous = file->filesystem->synchronous || is_synchronous(path);
    file->mount = mount_of(path);
  }
  remember(&files, file, compare_files);
  return file;
}

struct file *find_file(const char *path, const struct stat *st)
{
  const struct file key = { .device = st->st_dev, .number = st->st_ino };
  struct file **found = tfind(&key, &files, compare_files);

  return found ? *found : make_file(path, st);
}

struct file *new_file(const char *path, const struct stat *st)
{
  const struct file key = { .device = st->st_dev, .number = st->st_ino };

  /* Changes may point to the old one, so it is kept. */
  tdelete(&key, &files, compare_files);
  return make_file(path, st);
}

static int compare_names(const void *left, const void *right)
{
  const struct name *a = left, *b = right;

  if (a->directory != b->directory)
    return a->directory < b->directory ? -1 : 1;
  return strcmp(a->text, b->text);
}

struct name *find_name(struct file *directory, const char *name)
{
  struct name key = { .directory = directory, .text = (char *) name }, *entry;
  struct name **found = tfind(&key, &names, compare_names);

  if (found)
    return *found;
  entry = allocate(sizeof *entry);
  entry->directory = directory;
  entry->text = copy_string(name);
  remember(&names, entry, compare_names);
  return entry;
}

static void learn(struct change *change, const struct process *process)
{
  if (change->knower_count == change->knower_room) {
    change->knower_room = 2 * change->knower_room + 1;
    change->knowers = or_die(reallocarray(change->knowers, change->knower_room,
                                          sizeof *change->knowers));
  }
  change->knowers[change->knower_count++] = process;
}

static bool knows(const struct process *process, const struct change *change)
{
  for (size_t i = 0; i < change->knower_count; i++)
    if (change->knowers[i] == process)
      return true;
  return false;
}

static bool is_open(const struct change *change)
{
  return !change->told.when && !change->superseded && !change->undone;
}

bool bytes_at_risk(const struct file *file)
{
  if (!S_ISREG(file->mode) || !file->written)
    return false;
  return file->sent < file->written || file->filesystem->flushed <= file->sent;
}

/* The name was made by a program that flushed it, by its directory, and its contents: it is
 * one that would be missed, and is not welcome back once it is removed. */
static bool was_meant_to_last(const struct change *change)
{
  return change && change->durable && change->deliberate && change->kind != REMOVED
      && S_ISREG(change->file->mode) && change->file->flushed;
}

/* All that the name needs is on the disk. */
static void settle(struct change *change)
{
  change->durable = now();
  if (change->kind == REMOVED)
    change->entry->on_disk = false;
  else if (was_meant_to_last(change))
    change->entry->on_disk = true;
}

/* The change that gave ENTRY its present name is taken back by CHANGE. */
static void undo(struct name *entry, const struct change *change)
{
  struct change *latest = entry->latest;

  if (!latest || latest->kind == REMOVED)
    return;
  /* Who was told, and then sees another program take the name away, was told something. */
  if (!latest->told.when || latest->by == change->by)
    latest->undone = now();
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
  if (before && !before->told.when)
    before->superseded = true;
  change->entry->latest = change;
  append(&all_changes, change);
  append(&untold, change);
  append(&change->directory->changes, change);
  if (change->old_directory)
    append(&change->old_directory->changes, change);
  if (change->kind != REMOVED)
    append(&change->file->names, change);
  learn(change, change->by);
  if (change->directory->synchronous
      && (!change->old_directory || change->old_directory->synchronous))
    settle(change);
  return change;
}

struct change *add_change(const struct change *draft, struct name *old)
{
  struct change change = *draft;

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
    change.bytes_behind = change.file->written > change.file->sent;
  return record(&change);
}

struct change *add_removal(const struct change *draft)
{
  bool noticed = would_be_noticed(draft->entry, draft->other_names);

  undo(draft->entry, draft);
  draft->entry->latest = NULL;
  return noticed ? record(draft) : NULL;
}

void file_written(struct file *file)
{
  file->written = now();
}

/* The flush of a directory: true if CHANGE, of a name in it, is durable by that. */
static bool settle_in(const struct file *directory, struct change *change, bool deliberate)
{
  if (change->durable)
    return true;
  change->deliberate = deliberate;
  if (change->directory == directory)
    change->new_side = true;
  if (change->old_directory == directory)
    change->old_side = true;
  if (change->old_directory && !(change->new_side && change->old_side)) {
    /* ext4, xfs and btrfs move a name in one transaction, so that of the new directory
     * has both halves. */
    if (change->new_side && !change->durable_on_linux)
      change->durable_on_linux = now();
    return false;
  }
  settle(change);
  return true;
}

static void flush_directory(struct file *directory, moment began, bool deliberate)
{
  struct list *list = &directory->changes;
  size_t left = 0;

  for (size_t i = 0; i < list->count; i++)
    if (list->at[i]->when > began || !settle_in(directory, list->at[i], deliberate))
      list->at[left++] = list->at[i];
  list->count = left;
}

/* The filesystems of Linux write a file's new names together with its inode, and the new
 * directories that lead there. */
static void flush_names(struct file *file, moment began)
{
  struct list *list = &file->names;
  size_t left = 0;

  for (size_t i = 0; i < list->count; i++) {
    struct change *change = list->at[i];

    if (change->durable || change->durable_on_linux)
      continue;
    if (change->when > began) {
      list->at[left++] = change;
      continue;
    }
    change->durable_on_linux = now();
    flush_names(change->directory, began);
  }
  list->count = left;
}

void flush_bytes(struct file *file, moment began)
{
  if (file->written < began)
    file->written = 0;
  file->flushed = true;
}

void flush_file(struct file *file, moment began)
{
  if (S_ISDIR(file->mode))
    flush_directory(file, began, true);
  flush_names(file, began);
  flush_bytes(file, began);
  file->filesystem->flushed = began;
}

void send_bytes(struct file *file, moment began)
{
  if (file->filesystem->bytes_by_range && file->written < began) {
    file->sent = began;
    file->flushed = true;
  }
}

static dev_t flushed_device;
static bool every_device;
static uint64_t flushed_mount;
static moment flush_began;

static void flush_one(const void *node, VISIT visit, int depth)
{
  struct file *file = *(struct file *const *) node;

  (void) depth;
  if (visit != postorder && visit != leaf)
    return;
  if (!every_device && file->device != flushed_device
      && (file->mount == 0 || file->mount != flushed_mount))
    return;
  flush_directory(file, flush_began, false);
  if (file->written < flush_began)
    file->written = 0;
}

void flush_filesystem(dev_t device, uint64_t mount, moment began)
{
  flushed_device = device;
  flushed_mount = mount;
  every_device = false;
  flush_began = began;
  twalk(files, flush_one);
}

void flush_all(moment began)
{
  every_device = true;
  flush_began = began;
  twalk(files, flush_one);
}

/* Those of which nobody will be told any more are in the way of a long run. */
static void drop_closed(void)
{
  size_t left = 0;

  for (size_t i = 0; i < untold.count; i++)
    if (is_open(untold.at[i]))
      untold.at[left++] = untold.at[i];
  untold.count = left;
}

bool has_news(const struct process *by)
{
  drop_closed();
  for (size_t i = 0; i < untold.count; i++)
    if (knows(by, untold.at[i]))
      return true;
  return false;
}

static void tell_of(struct change *change, const struct process *by, const char *how, moment when)
{
  change->told.when = when;
  change->told.by = by;
  snprintf(change->told.how, sizeof change->told.how, "%s", how);
  change->name_when_told = !change->durable;
  change->linux_when_told = !change->durable && !change->durable_on_linux;
  change->bytes_when_told = change->kind != REMOVED && bytes_at_risk(change->file);
}

void tell(const struct process *by, const char *how)
{
  moment when = now();
  size_t left = 0;

  for (size_t i = 0; i < untold.count; i++) {
    struct change *change = untold.at[i];

    if (!is_open(change))
      continue;
    if (knows(by, change))
      tell_of(change, by, how, when);
    else
      untold.at[left++] = change;
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
