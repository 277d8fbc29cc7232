/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alone at work: the lock of qmail-send, and a closed door for qmail-queue. */
#ifndef QFSCK_DOOR_H
#define QFSCK_DOOR_H

#include "queue.h"

/* What is set aside in WORK while it is closed: without pid, qmail-queue exits
 * 63, and its client tries again; without lock, qmail-send does not start.  That
 * it must not, even after a power cut in the middle of a repair: it takes a
 * message whose recipients are still under another name for one that is done. */
#define PID "pid"
#define PID_ASIDE WORK "/pid"
#define LOCK "lock"
#define LOCK_ASIDE WORK "/lock"

/* As qmail-send takes it, until the end of the process. */
void take_lock(const struct queue *queue);

void close_door(const struct queue *queue, const char *name, const char *aside);
void close_doors(const struct queue *queue);
/* Where pid, or lock, is now: NAME, or ASIDE. */
const char *place_of_door(const struct queue *queue, const char *name, const char *aside);
bool is_closed(const struct queue *queue);

/* The last thing that is done, when the journal has gone: once they are open
 * the queue changes, and what the journal says of inodes is true no more. */
void open_doors(const struct queue *queue);

/* No other process has a file open below the queue. */
void wait_until_quiet(const struct queue *queue);

#endif
