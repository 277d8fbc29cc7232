/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares a queue with qmail's invariants, and writes into the journal what
 * repairs it. */
#ifndef QFSCK_CHECK_H
#define QFSCK_CHECK_H

#include "context.h"

/* False if nothing can be repaired, for a reason that was reported, or if the layout that
 * was asked for was declined. */
bool check_queue(struct check *check);

#endif
