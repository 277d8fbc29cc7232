/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps others out: the lock of qmail-send, and a closed door for qmail-queue. */
#ifndef QFSCK_DOOR_H
#define QFSCK_DOOR_H

#include "queue.h"

/* What is set aside in WORK while the queue is closed.  Without pid, qmail-queue exits 63,
 * and its client tries again.  Without lock, qmail-send does not start: it must not, even
 * after a power cut in the middle of a repair, because a message whose recipients still
 * have another number would look to it like one that is done. */
#define PID "pid"
#define PID_ASIDE WORK "/pid"
#define LOCK "lock"
#define LOCK_ASIDE WORK "/lock"

/* Takes the lock of qmail-send, until the end of the process. */
void take_lock(const struct queue *queue);

void close_door(const struct queue *queue, const char *name, const char *aside);
void close_doors(const struct queue *queue);
/* Where pid, or lock, is now: NAME, or ASIDE. */
const char *place_of_door(const struct queue *queue, const char *name, const char *aside);
bool is_closed(const struct queue *queue);

/* Done last, after the journal was removed: once the doors are open the queue changes, and
 * what a journal says about inodes is no longer true. */
void open_doors(const struct queue *queue);

/* Waits until no other process has a file open below the queue. */
void wait_until_quiet(const struct queue *queue);

#endif
