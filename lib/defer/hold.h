/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir_hold: the flushes of a thread wait until it releases them. */
#ifndef SYNCDIR_HOLD_H
#define SYNCDIR_HOLD_H

#include <stdatomic.h>
#include <stdbool.h>

struct filesystem;

/* So many threads of this process hold. */
extern atomic_int holding_threads;

/* Whether this thread holds, and the flush of DIRECTORY, which has changed and whose
 * filesystem NEEDS that, waits. */
bool hold_flush(const struct filesystem *needs, int directory);

/* Begins, or ends, with one level.  0, or -1 and errno. */
int hold_begin(void);
int hold_end(void);

#endif
