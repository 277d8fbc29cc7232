/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of a queue, by number: 40 bytes each, and 8 to 16 to find them. */
#ifndef QFSCK_TABLE_H
#define QFSCK_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What becomes of a message. */
enum fate { STAYS, GOES /* to the number of its inode */, IS_LOST, IS_FROZEN };

enum {
  ANY_DONE = 1, /* some recipients are done, or not done */
  ANY_NOT_DONE = 2,
  HANDS_OFF = 4, /* a file of it cannot be read or changed, or is shared and stays so */
  INTD_IS_TODO = 8,
  TORN = 16,        /* a file of it has turned out to be another message's */
  TODO_LINKED = 32, /* todo has a second name, which has not been seen yet */
  CONDEMNED = 64    /* all of it should go to lost+found, but that was declined */
};

/* Sets of kinds are bits, 1 << kind. */
struct message {
  uint64_t number;
  uint64_t inode;    /* of mess */
  uint64_t envelope; /* the inode of todo */
  uint32_t in_todo;  /* recipients */
  uint32_t in_channels;
  uint8_t has;    /* these files are there */
  uint8_t strays; /* of these: not where they belong, the path is a stray's */
  uint8_t whole;  /* of the envelope files: those that parse */
  uint8_t wrong;  /* wrong owner or mode */
  uint8_t drops;  /* these leave the message, and go to lost+found */
  uint8_t marks;
  uint8_t fate;
};

struct table {
  struct message *at;
  size_t count, room;
  uint32_t *slots;   /* 0, or one more than the index */
  size_t slot_count; /* a power of two */
};

/* Whether KIND is in a set; and to put it in or take it out. */
static inline bool has(uint8_t kinds, int kind)
{
  return kinds & 1 << kind;
}
static inline void add(uint8_t *kinds, int kind)
{
  *kinds |= (uint8_t) (1 << kind);
}
static inline void drop(uint8_t *kinds, int kind)
{
  *kinds &= (uint8_t) ~(1 << kind);
}

struct message *find_message(const struct table *table, uint64_t number);

/* Pointers into the table are not valid after this. */
struct message *find_or_add(struct table *table, uint64_t number);
void free_table(struct table *table);

#endif
