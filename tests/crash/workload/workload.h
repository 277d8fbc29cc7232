/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The three workloads that powercut records. */
#ifndef WORKLOAD_WORKLOAD_H
#define WORKLOAD_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

/* Every wrapped call alone, with its variants; or those that NAMES, which ends
 * with NULL, asks for.  Returns the exit status. */
int run_calls(char **names);
void list_calls(void);

/* All sequences of LENGTH calls within a bound, numbered.  COUNT of them from
 * number FROM on; or, with a SAMPLE that is not 0, so many by SEED. */
struct choice {
  long length, from, count, sample;
  uint64_t seed;
  bool batch; /* each of them is one batch */
};
int run_sequences(const struct choice *choice);
void list_sequences(const struct choice *choice);
long count_sequences(long length);

/* PROCESSES at once, each CALLS calls in a tree of its own, by SEED; in BATCHes of up to
 * fourteen, or each told when it has returned. */
int run_random(long calls, long processes, uint64_t seed, bool batch);

/* Another program on the same filesystem, which makes the journal commit all the time,
 * until it is ended by a signal. */
int fsync_for_ever(void);

#endif
