/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a queue: its messages, and all that is not where it belongs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "scan.h"

/* A directory that is being read: QUEUE/KIND or QUEUE/KIND/SUB. */
struct place {
  struct scan *scan;
  struct batch *batch;
  enum kind kind;
  const char *sub;        /* NULL: the directory of the kind itself */
  int64_t split;          /* SUB as a number; -1: it is none, or there is none */
};

struct stray *add_stray(struct scan *scan, const struct stray *stray)
{
  if (scan->stray_count == scan->stray_room) {
    scan->stray_room = 2 * scan->stray_room + 16;
    scan->strays = grow(scan->strays, scan->stray_room, sizeof *scan->strays);
  }
  scan->strays[scan->stray_count] = *stray;
  return &scan->strays[scan->stray_count++];
}

static int compare_strays(const void *one, const void *other)
{
  const struct stray *a = one, *b = other;

  if (a->number != b->number)
    return a->number < b->number ? -1 : 1;
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  if (a->taken != b->taken)
    return a->taken ? -1 : 1;
  return strcmp(a->path, b->path);
}

void sort_strays(struct scan *scan)
{
  if (scan->stray_count)
    qsort(scan->strays, scan->stray_count, sizeof *scan->strays, compare_strays);
}

void place_of(char path[PATH_BYTES], const struct scan *scan, enum kind kind,
              const struct message *message)
{
  size_t low = 0, high = scan->stray_count;

  if (!(message->strays & 1 << kind)) {
    path_of(path, scan->queue->found, kind, message->number);
    return;
  }
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct stray *stray = &scan->strays[middle];

    if (stray->number < message->number
        || (stray->number == message->number && stray->kind < kind))
      low = middle + 1;
    else
      high = middle;
  }
  snprintf(path, PATH_BYTES, "%s", scan->strays[low].path);
}

void add_envelope(struct message *message, const struct envelope *envelope, bool unreadable)
{
  if (unreadable)
    message->marks |= UNREADABLE;
  if (is_whole(envelope))
    message->whole |= 1 << envelope->kind;
  if (envelope->kind == TODO) {
    message->in_todo = envelope->not_done;
  } else if (envelope->kind == LOCAL || envelope->kind == REMOTE) {
    message->in_channels += envelope->done + envelope->not_done;
    message->marks |= (envelope->done ? ANY_DONE : 0) | (envelope->not_done ? ANY_NOT_DONE : 0);
  }
}

static bool is_owned(const struct queue *queue, enum kind kind, const struct stat *st)
{
  const struct rule *rule = &rules[kind];

  return st->st_uid == queue->ids.user[rule->owner]
      && (rule->any_group || st->st_gid == queue->ids.group)
      && (st->st_mode & 07777) == rule->file_mode;
}

static void add_stray_at(const struct place *place, const char *name, uint64_t number,
                         const struct entry *entry)
{
  char path[PATH_BYTES];

  snprintf(path, sizeof path, "%s%s%s/%s", rules[place->kind].name, place->sub ? "/" : "",
           place->sub ? place->sub : "", name);
  add_stray(place->scan, &(struct stray) {
    .path = copy_of(path), .number = number, .inode = entry->st.st_ino,
    .envelope = entry->envelope, .kind = place->kind, .type = entry->st.st_mode & S_IFMT,
    .wrong = !is_owned(place->scan->queue, place->kind, &entry->st),
    .unreadable = is_envelope(place->kind) && entry->error
  });
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
  struct scan *scan = place->scan;
  struct message *message;
  bool plain;
  uint64_t number = number_of(entry->name, &plain);

  if (!number || !plain || !belongs_here(place, number)) {
    add_stray_at(place, entry->name, number, entry);
    return;
  }
  message = find_or_add(&scan->messages, number);
  message->has |= 1 << place->kind;
  if (!is_owned(scan->queue, place->kind, &entry->st))
    message->wrong |= 1 << place->kind;
  if (place->kind == MESS)
    message->inode = entry->st.st_ino;
  if (place->kind == TODO)
    message->envelope = entry->st.st_ino;
  if (place->kind == INTD && message->envelope == entry->st.st_ino)
    message->marks |= INTD_IS_TODO;
  if (is_envelope(place->kind))
    add_envelope(message, &entry->envelope, entry->error != 0);
}

static void finish_batch(const struct place *place)
{
  struct batch *batch = place->batch;

  look_at_batch(batch);
  for (size_t i = 0; i < batch->count; i++) {
    const struct entry *entry = &batch->entries[i];

    /* Gone since it was listed, in a queue at work. */
    if (entry->error == ENOENT)
      continue;
    take_in(place, entry);
  }
  batch->count = 0;
}

static void add_surplus(struct scan *scan, const char *path)
{
  if (scan->surplus_count == scan->surplus_room) {
    scan->surplus_room = 2 * scan->surplus_room + 16;
    scan->surplus = grow(scan->surplus, scan->surplus_room, sizeof *scan->surplus);
  }
  scan->surplus[scan->surplus_count++] = copy_of(path);
}

static void read_folder(struct place *place, int fd);

/* Whether NAME in FOLDER is a split directory, of whatever number, that has to
 * be looked into. */
static bool may_be_split(const struct place *place)
{
  return !place->sub && place->kind != BOUNCE;
}

static void read_sub(const struct place *above, int folder, const char *name)
{
  const struct layout wanted = above->scan->queue->wanted;
  struct place place = *above;
  char path[PATH_BYTES];
  bool plain;
  uint64_t number = number_of(name, &plain);
  int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  snprintf(path, sizeof path, "%s/%s", rules[place.kind].name, name);
  if (fd == -1)
    cannot("read the directory", path);
  plain = (plain && number) || strcmp(name, "0") == 0;
  place.sub = name;
  place.split = plain && number < SPLIT_MAX ? (int64_t) number : -1;
  read_folder(&place, fd);
  if (!plain || number >= wanted.split || !is_split(place.kind, wanted))
    add_surplus(above->scan, path);
}

/* The files first, then the directories: there is one batch for all. */
static void read_folder(struct place *place, int fd)
{
  DIR *stream = fdopendir(fd);
  char **subs = NULL;
  size_t sub_count = 0;
  struct dirent *entry;

  if (!stream)
    cannot("read the directory", rules[place->kind].name);
  place->batch->folder = fd;
  place->batch->kind = place->kind;
  while (errno = 0, (entry = readdir(stream))) {
    struct entry *next = &place->batch->entries[place->batch->count];
    unsigned char type = entry->d_type;

    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    *next = (struct entry) { .fd = -1 };
    snprintf(next->name, sizeof next->name, "%s", entry->d_name);
    if (type != DT_REG) {
      if (fstatat(fd, entry->d_name, &next->st, AT_SYMLINK_NOFOLLOW) == -1)
        continue;
      type = S_ISREG(next->st.st_mode) ? DT_REG : S_ISDIR(next->st.st_mode) ? DT_DIR : DT_LNK;
    }
    if (type == DT_REG) {
      if (++place->batch->count == place->batch->limit)
        finish_batch(place);
    } else if (type == DT_DIR && may_be_split(place)) {
      subs = grow(subs, sub_count + 1, sizeof *subs);
      subs[sub_count++] = copy_of(entry->d_name);
    } else {
      bool plain;

      add_stray_at(place, entry->d_name, number_of(entry->d_name, &plain), next);
    }
  }
  if (errno)
    cannot("read the directory", rules[place->kind].name);
  finish_batch(place);
  for (size_t i = 0; i < sub_count; i++) {
    show_progress(rules[place->kind].name, i, sub_count);
    read_sub(place, fd, subs[i]);
    free(subs[i]);
  }
  free(subs);
  closedir(stream);
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
  sort_strays(scan);
}

void free_scan(struct scan *scan)
{
  for (size_t i = 0; i < scan->stray_count; i++)
    free(scan->strays[i].path);
  for (size_t i = 0; i < scan->surplus_count; i++)
    free(scan->surplus[i]);
  free(scan->strays);
  free(scan->surplus);
  free_table(&scan->messages);
  *scan = (struct scan) { .queue = NULL };
}
