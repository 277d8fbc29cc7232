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

/* Before repair, and before the layout is looked for: takes the lock, and ends
 * what an earlier run has begun.  True if that was a repair. */
bool begin_work(const struct queue *queue, struct map *map);

/* An empty directory becomes a queue. */
int create(const struct queue *queue);

/* Ends, one way or the other, what an earlier run has begun: true if there was
 * something to repair.  The lock is held. */
bool recover(const struct queue *queue, struct map *map);

/* Opens the QUEUE whose journal was only begun; the argument is as undo_before_failing
 * has it. */
void take_back(const void *queue);

/* Its messages live elsewhere: its lock was put aside for that. */
bool is_moved(const struct queue *queue);

/* Refuses a queue that was moved, or is not all there. */
void refuse_moved(const struct queue *queue);

#endif
