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

/* False if there is no memory. */
bool add_address(struct addresses *addresses, uint64_t address);
void sort_addresses(struct addresses *addresses);
/* In a sorted list. */
bool has_address(const struct addresses *addresses, uint64_t address);

struct entries {
  struct code *functions; /* those that are looked at, sorted by address */
  size_t function_count;
  uint64_t first, end;     /* the range that they lie in */
  struct addresses into;   /* the entries, sorted */
  struct addresses tables; /* what the code takes the address of; sorted */
  bool lost;               /* there was no memory for one */
};

/* Looks in the whole file for entries into the functions of ENTRIES.  Each place that might
 * lead there counts, whether it is an instruction or not. */
void find_entries(Elf *elf, struct entries *entries);

/* Adds to TO where the switch with its table at TABLE leads; false if that is no table. */
bool read_switch(Elf *elf, const struct entries *entries, uint64_t table, struct addresses *to);

#endif
