/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --map FILE: which number became which, so that old log files can be read. */
#ifndef QFSCK_MAP_H
#define QFSCK_MAP_H

#include "queue.h"

/* Adds what the queue's journal says to what this run has renumbered so far,
 * and writes all of it: old number, tab, new number.  FILE keeps what an
 * earlier run wrote if nothing was renumbered.  FILE may be NULL. */
void write_map(const struct queue *queue, const char *file);

#endif
