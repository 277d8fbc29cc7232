/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the steps of a committed journal; may be repeated. */
#ifndef QFSCK_REPLAY_H
#define QFSCK_REPLAY_H

#include "queue.h"

void replay_journal(const struct queue *queue);

#endif
