/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses through which an ELF file calls syscall(3). */
#ifndef SYNCDIR_TARGETS_H
#define SYNCDIR_TARGETS_H

#include <stdbool.h>
#include <stdint.h>

#include "elf_file.h"

enum { TARGETS_MAX = 16 };

/* Its slots in the table of addresses, and behind them the stubs of the procedure linkage
 * table that jump through those. */
struct targets {
  int slots, count;
  bool more;  /* than there is room for */
  bool fixed; /* addresses stand in the code as they are: it is no PIE */
  uint64_t address[TARGETS_MAX];
};

/* False if the function is also stored as a pointer, so that anybody may call it. */
bool find_targets(Elf *elf, struct targets *targets);

bool is_target(const struct targets *targets, uint64_t address);
bool is_slot(const struct targets *targets, uint64_t address);

/* Whether what refers to a target at ADDRESS may be code that calls it: not a relocation, nor
 * a stub that was found.  BYTES stand there, with BEFORE others before them; NULL: it refers
 * to no slot. */
bool may_call(Elf *elf, uint64_t address, const unsigned char *bytes, size_t before);

#endif
