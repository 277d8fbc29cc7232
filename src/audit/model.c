/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files and their names. */
#include <search.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
#include "model.h"

struct list all_changes;
size_t changes_in_memory;

static void *files, *names;

moment now(void)
{
  static moment last;

  return ++last;
}

void append(struct list *list, struct change *change)
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

/* For twalk(3), which passes nothing on. */
static void (*visitor)(struct file *);

static void visit_file(const void *node, VISIT visit, int depth)
{
  (void) depth;
  if (visit == postorder || visit == leaf)
    visitor(*(struct file *const *) node);
}

void each_file(void act(struct file *file))
{
  visitor = act;
  twalk(files, visit_file);
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

bool bytes_at_risk(const struct file *file)
{
  if (!S_ISREG(file->mode) || !file->written)
    return false;
  return file->sent < file->written || file->filesystem->flushed <= file->sent;
}
