/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the journal, which is not committed yet, can be carried out. */
#ifndef QFSCK_FEASIBLE_H
#define QFSCK_FEASIBLE_H

#include "queue.h"

/* Ends the program if a name stays taken, if there is too little room, or if the owners
 * cannot be set. */
void require_feasible(const struct queue *queue);

#endif
