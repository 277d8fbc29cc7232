/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush that need not be done yet: the caller holds, or the mode is deferred. */
#ifndef SYNCDIR_PUT_OFF_H
#define SYNCDIR_PUT_OFF_H

#include <stdbool.h>

#include "defer/reasons.h"

struct change;
struct filesystem;

/* Whether what must be flushed after CHANGE of PARENT, whose filesystem NEEDS that,
 * waits for somebody who will do it. */
bool put_off(const struct change *change, const struct filesystem *needs, int parent);

#endif
