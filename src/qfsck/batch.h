/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at many files with few system calls: a stat each, and an open for the
 * envelopes; these are read and closed all at once. */
#ifndef QFSCK_BATCH_H
#define QFSCK_BATCH_H

#include "envelope.h"

enum { BATCH_FILES = 256, BATCH_BYTES = 1024 };

struct entry {
  char name[NAME_BYTES];
  int fd, error;   /* of stat, open or read */
  bool is_unknown; /* it was the error of stat: LOOK is not filled in */
  struct look look;
  struct envelope envelope;
};

struct batch {
  int folder;
  enum kind kind;
  size_t count, limit; /* below BATCH_FILES if few files may be open */
  unsigned long aio;   /* the context, or 0 */
  struct entry entries[BATCH_FILES];
  char bytes[BATCH_FILES][BATCH_BYTES];
};

void begin_batches(struct batch *batch);
void end_batches(struct batch *batch);

/* Fills in the entries from 0 to COUNT, which are regular files in FOLDER. */
void look_at_batch(struct batch *batch);

#endif
