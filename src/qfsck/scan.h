/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a queue: its messages, and all that is not where it belongs. */
#ifndef QFSCK_SCAN_H
#define QFSCK_SCAN_H

#include "envelope.h"
#include "problem.h"
#include "queue.h"
#include "table.h"

/* Something that is not where, or not what, qmail expects. */
struct stray {
  char *path;
  uint64_t number; /* that its name is, or 0 */
  uint64_t inode;
  struct envelope envelope;
  enum kind kind;
  mode_t type;
  bool wrong;    /* owner or mode */
  bool taken;    /* it is the file of that kind of message NUMBER */
  bool settled;  /* its fate is decided, or it is left alone */
  bool declined; /* it belongs to no message, but stays */
};

/* One name of a file that has several. */
struct name {
  char *path;
  uint64_t inode, number;
  unsigned long links; /* that the file has */
  enum kind kind;
  struct message *owner; /* NULL: none, or not known yet */
};

/* Something that qfsck cannot read or change. */
struct obstacle {
  char *path;
  enum problem problem;
  int error;
  bool is_folder; /* so nothing in it can be changed either */
};

/* A split directory that the wanted layout does not have. */
struct spare {
  char *path;
  bool is_number;
};

struct scan {
  const struct queue *queue;
  struct table messages;
  struct stray *strays;
  size_t stray_count, stray_room;
  struct name *names;
  size_t name_count, name_room;
  struct obstacle *obstacles;
  size_t obstacle_count, obstacle_room;
  struct spare *spares;
  size_t spare_count, spare_room;
};

void free_scan(struct scan *scan);

/* The path of the file of this kind of MESSAGE. */
void place_of(char path[PATH_BYTES], const struct scan *scan, enum kind kind,
              const struct message *message);

struct stray *add_stray(struct scan *scan, const struct stray *stray);
void add_obstacle(struct scan *scan, const struct obstacle *obstacle);
void add_name(struct scan *scan, const struct name *name);

/* Sorts them by number and kind, with those that are taken first, for find_stray. */
void sort_strays(struct scan *scan);

/* The first stray of that number and kind among the COUNT sorted ones, or the place where it
 * would be. */
size_t find_stray(const struct scan *scan, size_t count, uint64_t number, enum kind kind);

/* Adds what an envelope file says to the message. */
void add_envelope(struct message *message, const struct envelope *envelope);

#endif
