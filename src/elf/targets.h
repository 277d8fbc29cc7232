/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses through which an ELF file calls syscall(3). */
#ifndef SYNCDIR_TARGETS_H
#define SYNCDIR_TARGETS_H

#include <stdbool.h>
#include <stdint.h>

#include "elf_file.h"

enum { TARGETS_MAX = 16 };

/* The slots of syscall(3) in the table of addresses, followed by the stubs of the procedure
 * linkage table that jump through them. */
struct targets {
  int slots, count;
  bool more;  /* there were more than there is room for */
  bool fixed; /* no PIE: the code holds addresses as they are */
  uint64_t address[TARGETS_MAX];
};

/* False if the function is also stored as a pointer, so that any code may call it. */
bool find_targets(Elf *elf, struct targets *targets);

bool is_target(const struct targets *targets, uint64_t address);
bool is_slot(const struct targets *targets, uint64_t address);

/* Whether the reference to a target at ADDRESS may be code that calls it, and not a relocation
 * or a known stub.  BYTES are the bytes at ADDRESS, with BEFORE more before them; NULL if it
 * is not a reference to a slot. */
bool may_call(Elf *elf, uint64_t address, const unsigned char *bytes, size_t before);

#endif
