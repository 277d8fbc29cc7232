/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --stat: what qmail-qstat and qmail-qread show. */
#ifndef QFSCK_STATISTICS_H
#define QFSCK_STATISTICS_H

#include "queue.h"

void show_statistics(const struct queue *queue);

#endif
