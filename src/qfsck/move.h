/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --move: a queue's messages to a new queue, on any filesystem. */
#ifndef QFSCK_MOVE_H
#define QFSCK_MOVE_H

#include "map.h"
#include "queue.h"

struct move_options {
  unsigned split; /* 0: as the new queue is, or as the old one */
  int big_todo;   /* -1: the same */
  struct map *map;
};

/* Returns an exit code. */
int move_queue(const struct ids *ids, const char *from, const char *to,
               const struct move_options *options);

#endif
