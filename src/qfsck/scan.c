/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a queue: its messages, and all that is not where it belongs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "scan.h"

struct stray *add_stray(struct scan *scan, const struct stray *stray)
{
  scan->strays = with_room(scan->strays, scan->stray_count, &scan->stray_room,
                           sizeof *scan->strays);
  scan->strays[scan->stray_count] = *stray;
  return &scan->strays[scan->stray_count++];
}

void add_obstacle(struct scan *scan, const struct obstacle *obstacle)
{
  scan->obstacles = with_room(scan->obstacles, scan->obstacle_count, &scan->obstacle_room,
                              sizeof *scan->obstacles);
  scan->obstacles[scan->obstacle_count] = *obstacle;
  scan->obstacles[scan->obstacle_count++].path = copy_of(obstacle->path);
}

void add_name(struct scan *scan, const struct name *name)
{
  scan->names = with_room(scan->names, scan->name_count, &scan->name_room, sizeof *scan->names);
  scan->names[scan->name_count] = *name;
  scan->names[scan->name_count++].path = copy_of(name->path);
}

static int compare_numbers(const void *one, const void *other)
{
  const struct stray *a = one, *b = other;

  if (a->number != b->number)
    return a->number < b->number ? -1 : 1;
  return (int) a->kind - (int) b->kind;
}

static int compare_strays(const void *one, const void *other)
{
  const struct stray *a = one, *b = other;
  int order = compare_numbers(a, b);

  if (order != 0)
    return order;
  if (a->taken != b->taken)
    return a->taken ? -1 : 1;
  return strcmp(a->path, b->path);
}

void sort_strays(struct scan *scan)
{
  if (scan->stray_count)
    qsort(scan->strays, scan->stray_count, sizeof *scan->strays, compare_strays);
}

size_t find_stray(const struct scan *scan, size_t count, uint64_t number, enum kind kind)
{
  const struct stray key = { .number = number, .kind = kind };

  return lower_bound(&key, scan->strays, count, sizeof key, compare_numbers);
}

void place_of(char path[PATH_BYTES], const struct scan *scan, enum kind kind,
              const struct message *message)
{
  if (has(message->strays, kind))
    snprintf(path, PATH_BYTES, "%s",
             scan->strays[find_stray(scan, scan->stray_count, message->number, kind)].path);
  else
    path_of(path, scan->queue->found, kind, message->number);
}

void add_envelope(struct message *message, const struct envelope *envelope)
{
  if (is_whole(envelope))
    add(&message->whole, envelope->kind);
  if (envelope->kind == TODO) {
    message->in_todo = envelope->not_done;
  } else if (envelope->kind == LOCAL || envelope->kind == REMOTE) {
    message->in_channels += envelope->done + envelope->not_done;
    message->marks |= (envelope->done ? ANY_DONE : 0) | (envelope->not_done ? ANY_NOT_DONE : 0);
  }
}

void free_scan(struct scan *scan)
{
  for (size_t i = 0; i < scan->stray_count; i++)
    free(scan->strays[i].path);
  for (size_t i = 0; i < scan->name_count; i++)
    free(scan->names[i].path);
  for (size_t i = 0; i < scan->obstacle_count; i++)
    free(scan->obstacles[i].path);
  for (size_t i = 0; i < scan->spare_count; i++)
    free(scan->spares[i].path);
  free(scan->strays);
  free(scan->names);
  free(scan->obstacles);
  free(scan->spares);
  free_table(&scan->messages);
  *scan = (struct scan) { .queue = NULL };
}
