/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The deferred mode: a change need not be durable before somebody outside the
 * process can know of it.
 *
 * Changes gather in a batch.  While one is open, the kernel hands each system call
 * of the thread to us first (gate.c).  What lets nothing out (inward.c) is done
 * and the batch goes on; before anything else the batch is flushed and closed
 * (batch.c), and the program makes its call itself. */
#ifndef SYNCDIR_DEFER_H
#define SYNCDIR_DEFER_H

#include <stdbool.h>

#include "defer/pause.h"

struct change;
struct filesystem;

/* Whether the flush of DIRECTORY, which CHANGE has changed and whose filesystem
 * NEEDS that, is put off: then a batch is open that will flush it.  If not, the
 * trace will say why. */
DEFER_SYMBOL bool defer_flush(const struct change *change, const struct filesystem *needs,
                              int directory);

/* The library opens a file of which somebody may have a lease: that ends a batch.  PAUSED
 * is as defer_pause left it. */
DEFER_SYMBOL void defer_open(struct pause *paused);

/* Once, at start: this process may open batches, its vfork children may not.  False
 * where that is not to be had on this machine. */
DEFER_SYMBOL bool defer_start(void);

#ifdef ARCHIVE
/* A program is linked for it with -Wl,-u,syncdir_deferred. */
extern const char syncdir_deferred __attribute__((weak));
#endif

#endif
