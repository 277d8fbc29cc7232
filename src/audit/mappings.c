/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are mapped writable.  The first store into a clean page sets the time of the
 * file's last change, on the filesystems for which filesystem.h says so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "mappings.h"
#include "memory.h"
#include "tasks.h"

struct mapping {
  struct change draft; /* of its first store; its path is ours */
  struct timespec seen;
};

static struct mapping *mappings;
static size_t count, room;

static struct mapping *find_mapping(const struct file *file, const struct process *by)
{
  for (size_t i = 0; i < count; i++)
    if (mappings[i].draft.file == file && mappings[i].draft.by == by)
      return &mappings[i];
  return NULL;
}

void add_mapping(const struct change *draft, const struct stat *st)
{
  /* It was looked at when the call began. */
  if (find_mapping(draft->file, draft->by))
    return;
  if (count == room) {
    room = 2 * room + 1;
    mappings = or_die(reallocarray(mappings, room, sizeof *mappings));
  }
  mappings[count] = (struct mapping) { .draft = *draft, .seen = st->st_mtim };
  mappings[count].draft.path = copy_string(draft->path);
  count++;
}

static bool stat_file(const struct file *file, const char *path, struct stat *st)
{
  return stat(path, st) == 0 && st->st_ino == file->number && st->st_dev == file->device;
}

/* Its path: the one that it was opened with, as we see it or as its process does, or that of
 * the name that it was given since.  NULL if it has none any more, and nobody misses it. */
static const char *find_mapped(const struct mapping *mapping, struct stat *st)
{
  const struct change *opened = &mapping->draft, *named = opened->file->named;
  char path[PATH_MAX + 64];

  if (stat_file(opened->file, opened->path, st))
    return opened->path;
  snprintf(path, sizeof path, "/proc/%d/root%s", (int) opened->by->pid, opened->path);
  if (stat_file(opened->file, path, st))
    return opened->path;
  return named && stat_file(opened->file, named->path, st) ? named->path : NULL;
}

static bool is_same_time(const struct timespec *one, const struct timespec *other)
{
  return one->tv_sec == other->tv_sec && one->tv_nsec == other->tv_nsec;
}

static void look(struct mapping *mapping)
{
  struct change draft = mapping->draft;
  struct stat st;
  const char *path = find_mapped(mapping, &st);

  if (!path || is_same_time(&st.st_mtim, &mapping->seen))
    return;
  mapping->seen = st.st_mtim;
  if (file_written(draft.file, draft.by, draft.thread, false))
    return;
  draft.path = copy_string(path);
  add_write(&draft);
}

void look_at_mappings(void)
{
  for (size_t i = 0; i < count; i++)
    look(&mappings[i]);
}

void forgive_time(const struct file *file, const struct stat *st)
{
  for (size_t i = 0; i < count; i++)
    if (mappings[i].draft.file == file)
      mappings[i].seen = st->st_mtim;
}

/* A child of PARENT that has its memory, or a copy of it. */
static const struct process *find_heir(const struct process *parent)
{
  for (size_t i = 0; i < process_count; i++)
    if (processes[i]->alive && processes[i]->parent == parent && !processes[i]->executed)
      return processes[i];
  return NULL;
}

void leave_mappings(const struct process *process)
{
  const struct process *heir = count ? find_heir(process) : NULL;
  size_t left = 0;

  look_at_mappings();
  for (size_t i = 0; i < count; i++) {
    struct mapping *mapping = &mappings[i];

    if (mapping->draft.by == process) {
      if (!heir || find_mapping(mapping->draft.file, heir)) {
        free(mapping->draft.path);
        continue;
      }
      mapping->draft.by = heir;
      mapping->draft.thread = heir->pid;
    }
    mappings[left++] = *mapping;
  }
  count = left;
}
