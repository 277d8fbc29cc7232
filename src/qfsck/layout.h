/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a queue is split, from what is there. */
#ifndef QFSCK_LAYOUT_H
#define QFSCK_LAYOUT_H

#include "queue.h"

struct guess {
  struct layout layout;
  bool is_sure; /* what is there fits no other layout */
};

struct guess find_layout(int queue);

#endif
