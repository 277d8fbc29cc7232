/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a queue: each file becomes a message's, a stray or an obstacle. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "batch.h"
#include "listing.h"
#include "walk.h"

/* A directory that is being read: QUEUE/KIND or QUEUE/KIND/SUB. */
struct place {
  struct scan *scan;
  struct batch *batch;
  enum kind kind;
  const char *sub; /* NULL: the directory of the kind itself */
  int64_t split;   /* SUB as a number; -1: it is none, or there is none */
};

static bool is_owned(const struct queue *queue, enum kind kind, const struct stat *st)
{
  const struct rule *rule = &rules[kind];

  return st->st_uid == queue->ids.user[rule->owner]
      && (rule->any_group || st->st_gid == queue->ids.group)
      && (st->st_mode & 07777) == rule->file_mode;
}

static void path_in(char path[PATH_BYTES], const struct place *place, const char *name)
{
  snprintf(path, PATH_BYTES, "%s%s%s%s%s", rules[place->kind].name, place->sub ? "/" : "",
           place->sub ? place->sub : "", *name ? "/" : "", name);
}

/* Whether it cannot be read, or cannot be renamed.  Then it is left alone, and so is the
 * message that it may belong to. */
static bool is_obstacle(const struct place *place, const struct entry *entry, uint64_t number)
{
  struct obstacle obstacle = { .problem = UNKNOWN_FILE, .error = entry->error };
  char path[PATH_BYTES];

  if (!entry->error && !entry->look.is_mount && !entry->look.is_fixed)
    return false;
  if (!entry->error)
    obstacle.problem = entry->look.is_mount ? MOUNT_POINT : FIXED_FILE;
  path_in(path, place, entry->name);
  obstacle.path = path;
  add_obstacle(place->scan, &obstacle);
  if (number)
    find_or_add(&place->scan->messages, number)->marks |= HANDS_OFF;
  return true;
}

static void add_stray_at(const struct place *place, const char *name, uint64_t number,
                         const struct entry *entry)
{
  const struct stat *st = &entry->look.st;
  bool is_left = is_obstacle(place, entry, number);
  char path[PATH_BYTES];

  path_in(path, place, name);
  add_stray(place->scan, &(struct stray) { .path = copy_of(path),
                                           .number = number,
                                           .inode = st->st_ino,
                                           .envelope = entry->envelope,
                                           .kind = place->kind,
                                           .type = st->st_mode & S_IFMT,
                                           .wrong = !is_owned(place->scan->queue, place->kind, st),
                                           .settled = is_left });
}

/* Remembers the names of a file that has several, except those of a todo that is also its
 * intd and nothing else. */
static void note_links(const struct place *place, const struct entry *entry, uint64_t number,
                       struct message *message)
{
  const struct stat *st = &entry->look.st;
  struct name name = {
    .inode = st->st_ino, .number = number, .links = st->st_nlink, .kind = place->kind
  };
  char path[PATH_BYTES];

  if (entry->is_unknown || st->st_nlink < 2)
    return;
  if (message && place->kind == TODO && st->st_nlink == 2) {
    message->marks |= TODO_LINKED;
  } else if (message && place->kind == INTD && message->marks & TODO_LINKED
             && message->envelope == st->st_ino) {
    message->marks &= (uint8_t) ~TODO_LINKED;
  } else {
    path_in(path, place, entry->name);
    name.path = path;
    add_name(place->scan, &name);
  }
}

static void add_single_todos(struct scan *scan)
{
  for (size_t i = 0; i < scan->messages.count; i++) {
    const struct message *message = &scan->messages.at[i];
    char path[PATH_BYTES];

    if (!(message->marks & TODO_LINKED))
      continue;
    path_of(path, scan->queue->found, TODO, message->number);
    add_name(scan, &(struct name) { .path = path,
                                    .inode = message->envelope,
                                    .links = 2,
                                    .number = message->number,
                                    .kind = TODO });
  }
}

static bool belongs_here(const struct place *place, uint64_t number)
{
  const struct layout layout = place->scan->queue->found;

  return is_split(place->kind, layout)
         ? place->split >= 0 && number % layout.split == (uint64_t) place->split
         : !place->sub;
}

static void take_in(const struct place *place, const struct entry *entry)
{
  const struct stat *st = &entry->look.st;
  struct scan *scan = place->scan;
  struct message *message;
  bool plain;
  uint64_t number = number_of(entry->name, &plain);

  if (!number || !plain || !belongs_here(place, number)) {
    note_links(place, entry, number, NULL);
    add_stray_at(place, entry->name, number, entry);
    return;
  }
  is_obstacle(place, entry, number);
  message = find_or_add(&scan->messages, number);
  add(&message->has, place->kind);
  if (place->kind == MESS)
    message->inode = entry->is_unknown ? number : st->st_ino;
  if (entry->is_unknown)
    return;
  if (!is_owned(scan->queue, place->kind, st))
    add(&message->wrong, place->kind);
  if (place->kind == TODO)
    message->envelope = st->st_ino;
  note_links(place, entry, number, message);
  if (place->kind == INTD && message->envelope == st->st_ino)
    message->marks |= INTD_IS_TODO;
  if (is_envelope(place->kind))
    add_envelope(message, &entry->envelope);
}

static void finish_batch(const struct place *place)
{
  struct batch *batch = place->batch;

  end_if_stopped();
  look_at_batch(batch);
  for (size_t i = 0; i < batch->count; i++) {
    const struct entry *entry = &batch->entries[i];

    /* It has gone since it was listed: the queue is in use. */
    if (entry->error == ENOENT)
      continue;
    take_in(place, entry);
  }
  batch->count = 0;
}

static void read_folder(struct place *place, int fd);

/* Whether a directory found here may be a split directory, and has to be read. */
static bool may_be_split(const struct place *place)
{
  return !place->sub && place->kind != BOUNCE;
}

static void read_sub(const struct place *above, int folder, const char *name)
{
  struct scan *scan = above->scan;
  const struct layout wanted = scan->queue->wanted;
  struct place place = *above;
  char path[PATH_BYTES];
  bool plain;
  uint64_t number = number_of(name, &plain);
  int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  place.sub = name;
  path_in(path, &place, "");
  if (fd == -1)
    cannot("read the directory", path);
  plain = (plain && number) || strcmp(name, "0") == 0;
  place.split = plain && number < SPLIT_MAX ? (int64_t) number : -1;
  read_folder(&place, fd);
  if (plain && number < wanted.split && is_split(place.kind, wanted))
    return;
  scan->spares = with_room(scan->spares, scan->spare_count, &scan->spare_room,
                           sizeof *scan->spares);
  scan->spares[scan->spare_count++] =
    (struct spare) { .path = copy_of(path), .is_number = number || strcmp(name, "0") == 0 };
}

/* A directory that is a mount point, or cannot be changed, prevents every repair. */
static void look_at_folder(const struct place *place, int fd)
{
  const dev_t device = place->scan->queue->device;
  struct obstacle obstacle = { .is_folder = true };
  char path[PATH_BYTES];
  struct look folder;

  path_in(path, place, "");
  if (look(fd, "", &folder) == -1)
    cannot("look at", path);
  if (!folder.is_mount && !folder.is_fixed && folder.st.st_dev == device)
    return;
  obstacle.problem = folder.is_fixed ? FIXED_FILE : MOUNT_POINT;
  obstacle.path = path;
  add_obstacle(place->scan, &obstacle);
}

/* Looks at something that is not a regular file: true if it is a directory that has to be
 * read; if not, it becomes a stray. */
static bool is_sub(const struct place *place, int fd, struct entry *entry)
{
  bool plain;
  uint64_t number = number_of(entry->name, &plain);

  if (look(fd, entry->name, &entry->look) == -1) {
    char path[PATH_BYTES];

    if (errno == ENOENT)
      return false;
    path_in(path, place, entry->name);
    /* If it is a split directory, all that is in it would be missed. */
    if (may_be_split(place) && (number || strcmp(entry->name, "0") == 0))
      cannot("look at", path);
    entry->error = errno;
  } else if (S_ISDIR(entry->look.st.st_mode) && may_be_split(place)) {
    return true;
  }
  add_stray_at(place, entry->name, number, entry);
  return false;
}

static unsigned char type_of(int fd, const struct dirent *entry)
{
  struct stat st;

  if (entry->d_type != DT_UNKNOWN || fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1)
    return entry->d_type;
  return S_ISREG(st.st_mode) ? DT_REG : DT_UNKNOWN;
}

/* The files first, then the directories, because they share one batch. */
static void read_folder(struct place *place, int fd)
{
  char path[PATH_BYTES];
  struct listing names;
  char **subs = NULL;
  size_t sub_count = 0, sub_room = 0;

  path_in(path, place, "");
  names = list_open(fcntl(fd, F_DUPFD_CLOEXEC, 0), path);
  look_at_folder(place, fd);
  place->batch->folder = fd;
  place->batch->kind = place->kind;
  for (struct dirent *entry; (entry = next_name(&names));) {
    struct entry *next = &place->batch->entries[place->batch->count];

    *next = (struct entry) { .fd = -1 };
    snprintf(next->name, sizeof next->name, "%s", entry->d_name);
    if (type_of(fd, entry) == DT_REG) {
      if (++place->batch->count == place->batch->limit)
        finish_batch(place);
    } else if (is_sub(place, fd, next)) {
      subs = with_room(subs, sub_count, &sub_room, sizeof *subs);
      subs[sub_count++] = copy_of(entry->d_name);
    }
  }
  finish_batch(place);
  for (size_t i = 0; i < sub_count; i++) {
    show_progress(rules[place->kind].name, i, sub_count);
    read_sub(place, fd, subs[i]);
    free(subs[i]);
  }
  free(subs);
  close(fd);
}

void scan_queue(struct scan *scan, const struct queue *queue)
{
  struct batch *batch = grow(NULL, 1, sizeof *batch);

  scan->queue = queue;
  begin_batches(batch);
  for (int kind = 0; kind < KINDS; kind++) {
    struct place place = { .scan = scan, .batch = batch, .kind = kind, .split = -1 };
    int fd = open_folder(queue->fd, rules[kind].name, O_RDONLY);

    if (fd != -1)
      read_folder(&place, fd);
    else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
      cannot("read the directory", rules[kind].name);
  }
  end_batches(batch);
  free(batch);
  end_progress();
  add_single_todos(scan);
  sort_strays(scan);
}
