/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What open and fopen have in common once they have succeeded. */
#ifndef SYNCDIR_OPENED_H
#define SYNCDIR_OPENED_H

#include "core/flush.h"

/* Flushes what has changed if the open with FLAGS, which made O_CREAT of them,
 * may have made CHANGE's file.  Returns 0, with errno as it was, or -1. */
int flush_if_made(const struct change *change, int flags);

#endif
