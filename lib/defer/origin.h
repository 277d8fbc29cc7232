/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the calls of a batch have opened. */
#ifndef SYNCDIR_ORIGIN_H
#define SYNCDIR_ORIGIN_H

struct change;

/* What a descriptor is to the batch.  MADE: its file was made in it, and no power cut
 * can show what is in it before the batch's names.  OPENED: nobody else has it. */
enum origin { ELSEWHERE, OPENED, MADE };

enum origin origin_of(int fd);
void note_opened(int fd, enum origin origin);
void note_closed(int fd);

/* CHANGE may have made a file, of which the program has a descriptor. */
void note_if_new(const struct change *change);

/* A batch begins. */
void forget_opened(void);

#endif
