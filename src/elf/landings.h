/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a function goes on after an exception. */
#ifndef SYNCDIR_LANDINGS_H
#define SYNCDIR_LANDINGS_H

#include "machine_code.h"

/* An exception in a call in [BEGIN, END) leads to PAD. */
struct landing {
  uint64_t begin, end, pad;
};

struct landings {
  struct landing *list;
  size_t count, room;
};

/* Finds those of FUNCTION.  False if they cannot be determined. */
bool find_landings(Elf *elf, const struct code *function, struct landings *landings);

#endif
