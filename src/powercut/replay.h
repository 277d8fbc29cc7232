/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts the power of a recording everywhere, and judges what is left. */
#ifndef POWERCUT_REPLAY_H
#define POWERCUT_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "state.h"

struct cuts {
  uint32_t random; /* this many of all positions; 0: all */
  unsigned jobs;
  const char *check; /* a command that judges instead of the oracle, or NULL */
};

struct results {
  struct state *states;
  struct outcome *outcomes; /* by state */
  size_t count;
  size_t images;
  size_t positions, all_positions; /* at which the power was cut, and could have been */
  struct call_count *calls;        /* by mark */
  double seconds;
  uint64_t looked_at; /* bytes that were compared or hashed in order to judge them */
};

/* Who is told while the workers are busy. */
struct listener {
  void (*progress)(size_t done, size_t all); /* states; now and then */
  /* Of the violation that was found first, once, at once. */
  void (*violation)(const struct recording *recording, const struct state *state,
                    const struct outcome *outcome);
};

/* Works below FOLDER. */
struct results replay(const struct recording *recording, const struct cuts *cuts,
                      const char *folder, const struct listener *listener);

void free_results(struct results *results, const struct recording *recording);

/* Leaves the state POSITION:CHOICE mounted on FOLDER/top, a folder that it makes; or,
 * if it cannot be mounted, its image there.  PLACE is told so before it is judged. */
struct outcome replay_one(const struct recording *recording, uint32_t position, uint32_t choice,
                          const char *check, const char *folder,
                          void (*place)(const struct recording *, bool is_mounted,
                                        const char *folder));

#endif
