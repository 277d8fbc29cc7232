/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories of a queue and the files in lock, as hier.c has them. */
#ifndef QFSCK_SKELETON_H
#define QFSCK_SKELETON_H

#include "context.h"

/* False if a directory is missing or wrong and stays so: then nothing can be repaired. */
bool check_skeleton(struct check *check);

/* Whether NAME, directly below a queue, is qmail's or our own. */
bool belongs_in_queue(const char *name);

#endif
