/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a queue: each file becomes a message's, a stray or an obstacle. */
#ifndef QFSCK_WALK_H
#define QFSCK_WALK_H

#include "scan.h"

void scan_queue(struct scan *scan, const struct queue *queue);

#endif
