/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one change of an open directory has to flush, by its filesystem's row
 * of the table. */
#ifndef SYNCDIR_CHANGE_H
#define SYNCDIR_CHANGE_H

#include "core/flush.h"

/* What must be flushed before PARENT, then PARENT. */
int flush_below(const struct change *change, const struct filesystem *needs, int parent);

#endif
