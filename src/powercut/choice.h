/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of its pending pieces a disk keeps. */
#ifndef POWERCUT_CHOICE_H
#define POWERCUT_CHOICE_H

#include "disk.h"

/* Keeps the pieces of CHOICE: none, all, half of them, most, few, all but one. */
void choose_pieces(struct disk *disk, uint32_t choice);

/* The next choice must look at each pending piece. */
void unsettle(struct disk *disk);

/* The next number of a sequence that STATE stands for. */
uint64_t next_random(uint64_t *state);

#endif
