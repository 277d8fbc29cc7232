/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --map FILE: which number became which, so that old log files can be read. */
#ifndef QFSCK_MAP_H
#define QFSCK_MAP_H

#include <stdio.h>

#include "queue.h"

struct map {
  const char *path;
  char *unfinished; /* beside PATH, until it is written */
  FILE *stream;
  struct renumbered *all;
  size_t count, room;
};

/* Called before anything is changed, to be sure that the map can be written afterwards.
 * FILE may be NULL: then the others do nothing. */
void open_map(struct map *map, const char *file);

/* A map below QUEUE would be taken for a file that does not belong there. */
void refuse_map_in(const struct map *map, const char *queue);

/* Adds what the queue's journal says to what this run has renumbered so far, and
 * writes all of it: old number, tab, new number.  FILE keeps what an earlier run wrote
 * if nothing was renumbered.  MAP may be NULL. */
void write_map(struct map *map, const struct queue *queue);

/* Removes the unfinished file, if it was not needed. */
void close_map(struct map *map);

#endif
