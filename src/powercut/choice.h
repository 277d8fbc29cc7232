/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of its pending pieces a disk keeps. */
#ifndef POWERCUT_CHOICE_H
#define POWERCUT_CHOICE_H

#include "disk.h"

/* Shows one of the images that a cut here may leave: CHOICE 0 nothing of what is
 * pending, 1 all of it, each other one a part by seed, position and choice: half of it,
 * most, little, all but one piece.  Returns a hash of the image.  With no volatile cache
 * only 0 is possible. */
uint64_t show_image(struct disk *disk, uint32_t choice);

/* The next number of a sequence that STATE stands for. */
uint64_t next_random(uint64_t *state);

#endif
