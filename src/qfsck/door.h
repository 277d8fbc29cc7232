/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alone at work: the lock of qmail-send, and a closed door for qmail-queue. */
#ifndef QFSCK_DOOR_H
#define QFSCK_DOOR_H

#include "queue.h"

#define SENDMUTEX "lock/sendmutex"

/* What is set aside in WORK while it is closed: without pid, qmail-queue exits
 * 63, and its client tries again; without lock, qmail-send does not start. */
#define PID "pid"
#define PID_ASIDE WORK "/pid"
#define LOCK "lock"
#define LOCK_ASIDE WORK "/lock"

/* As qmail-send takes it, until the end of the process. */
void take_lock(const struct queue *queue);

void close_door(const struct queue *queue, const char *name, const char *aside);
void open_doors(const struct queue *queue);

/* No other process has a file open below the queue. */
void wait_until_quiet(const struct queue *queue);

/* A signal to stop that came while nothing was begun is obeyed. */
void catch_signals(void);
bool is_stopped(void);

#endif
