/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks a queue, and repairs it by way of the journal. */
#ifndef QFSCK_REPAIR_H
#define QFSCK_REPAIR_H

#include "map.h"
#include "queue.h"
#include "report.h"

/* Each returns an exit code. */
int only_check(const struct queue *queue);
int repair(const struct queue *queue, enum mode mode, struct map *map);

/* Whether nothing can be written where the queue is; and a repair that can therefore only
 * look: the exit code says that too, if there was something to repair. */
bool is_read_only(const struct queue *queue);
int check_in_vain(const struct queue *queue, struct map *map);

/* Called before repair, and before the layout is determined: takes the lock, and finishes or
 * undoes what an earlier run has begun.  True if that was a repair. */
bool begin_work(const struct queue *queue, struct map *map);

/* Makes an empty directory a queue. */
int create(const struct queue *queue);

/* Finishes or undoes what an earlier run has begun; true if it finished a repair.  The lock
 * is held. */
bool recover(const struct queue *queue, struct map *map);

/* Undoes the preparations in QUEUE, whose journal is not committed, and opens its doors.
 * The type is that of undo_before_failing. */
void take_back(const void *queue);

/* Whether its messages were moved elsewhere. */
bool is_moved(const struct queue *queue);

/* Refuses a queue that was moved, or is an unfinished copy. */
void refuse_moved(const struct queue *queue);

#endif
