/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where control may come into the middle of a function: from the part of it that the
 * compiler has put elsewhere, from a table of a switch, or by an address that was stored. */
#ifndef SYNCDIR_ENTRIES_H
#define SYNCDIR_ENTRIES_H

#include "machine_code.h"

struct addresses {
  uint64_t *list;
  size_t count, room;
};

/* False without memory. */
bool add_address(struct addresses *addresses, uint64_t address);
void sort_addresses(struct addresses *addresses);
/* Of sorted ones. */
bool has_address(const struct addresses *addresses, uint64_t address);

struct entries {
  struct code *functions; /* those that are looked at, sorted by their addresses */
  size_t function_count;
  uint64_t first, end;     /* that they lie in */
  struct addresses into;   /* sorted as well */
  struct addresses tables; /* what the code takes the address of; sorted */
  bool lost;               /* there was no memory for one */
};

/* Looks for entries into ENTRIES's functions in the whole file: each place that might lead
 * there counts, whether it is an instruction or not. */
void find_entries(Elf *elf, struct entries *entries);

/* Where the switch leads whose table lies at TABLE; false if that is none. */
bool read_switch(Elf *elf, const struct entries *entries, uint64_t table, struct addresses *to);

#endif
