/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owner, group and mode: what they are, and what they should be. */
#ifndef QFSCK_ATTRIBUTES_H
#define QFSCK_ATTRIBUTES_H

#include "queue.h"

enum { ATTRIBUTES_BYTES = 200 };

/* Puts into TEXT which of them are wrong, in words.  False if none is. */
bool tell_attributes(char text[ATTRIBUTES_BYTES], const struct queue *queue, enum user owner,
                     bool any_group, mode_t mode, const struct stat *found);

#endif
