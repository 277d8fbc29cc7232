/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A state that a power cut may leave, and the verdict on it. */
#ifndef POWERCUT_STATE_H
#define POWERCUT_STATE_H

#include <stdint.h>
#include "oracle.h"

/* One cut, and one choice of what the device's cache had written by then. */
struct state {
  uint64_t image;    /* hash */
  uint32_t position; /* in the log: events before the cut */
  uint32_t choice;
  uint32_t marks;         /* before the cut */
  uint32_t pending, kept; /* blocks not flushed; those of them that the disk had written */
};

struct outcome {
  enum verdict verdict;
  uint32_t blamed; /* mark */
  char difference[DIFFERENCE_SIZE];
};

/* Of the call that a mark began. */
struct call_count {
  uint32_t states;
  uint32_t verdicts[VERDICTS];
};

#endif
