/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --move: a queue's messages to a new queue, on any filesystem. */
#ifndef QFSCK_MOVE_H
#define QFSCK_MOVE_H

#include "queue.h"

/* SPLIT 0 and BIG_TODO -1: as in the old one.  Returns an exit code. */
int move_queue(const struct ids *ids, const char *from, const char *to, unsigned split,
               int big_todo, const char *map);

#endif
