/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chance that a seed repeats: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
#ifndef WORKLOAD_CHANCE_H
#define WORKLOAD_CHANCE_H

#include <stdint.h>

struct chance {
  uint64_t state;
};

/* A number from 0 to COUNT - 1. */
static inline long one_of(struct chance *chance, uint64_t count)
{
  uint64_t mixed = chance->state += 0x9E3779B97F4A7C15;

  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
  return (mixed ^ mixed >> 31) % count;
}

#endif
