/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of a queue, by number: a hash of indexes, probed linearly. */
#include <stdlib.h>

#include "array.h"
#include "say.h"
#include "table.h"

/* Inode numbers come in runs: the constant (2^64 divided by the golden ratio) spreads them
 * over the high bits. */
static size_t slot_of(const struct table *table, uint64_t number)
{
  size_t slot = (number * 0x9e3779b97f4a7c15u >> 32) & (table->slot_count - 1);

  while (table->slots[slot] && table->at[table->slots[slot] - 1].number != number)
    slot = (slot + 1) & (table->slot_count - 1);
  return slot;
}

struct message *find_message(const struct table *table, uint64_t number)
{
  uint32_t index = table->slot_count ? table->slots[slot_of(table, number)] : 0;

  return index ? &table->at[index - 1] : NULL;
}

static void more_slots(struct table *table)
{
  size_t count = table->slot_count ? 2 * table->slot_count : 1024;

  free(table->slots);
  table->slots = calloc(count, sizeof *table->slots);
  if (!table->slots)
    fail("not enough memory for %zu messages.", table->count);
  table->slot_count = count;
  for (size_t i = 0; i < table->count; i++)
    table->slots[slot_of(table, table->at[i].number)] = (uint32_t) i + 1;
}

struct message *find_or_add(struct table *table, uint64_t number)
{
  struct message *message = find_message(table, number);

  if (message)
    return message;
  if (2 * (table->count + 1) > table->slot_count)
    more_slots(table);
  table->at = with_room(table->at, table->count, &table->room, sizeof *table->at);
  table->at[table->count] = (struct message) { .number = number };
  table->slots[slot_of(table, number)] = (uint32_t) ++table->count;
  return &table->at[table->count - 1];
}

void free_table(struct table *table)
{
  free(table->at);
  free(table->slots);
  *table = (struct table) { .count = 0 };
}
