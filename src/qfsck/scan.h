/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a queue: its messages, and all that is not where it belongs. */
#ifndef QFSCK_SCAN_H
#define QFSCK_SCAN_H

#include "envelope.h"
#include "queue.h"
#include "table.h"

/* Something that is not where, or not what, qmail expects. */
struct stray {
  char *path;
  uint64_t number;        /* that its name says, or 0 */
  uint64_t inode;
  struct envelope envelope;
  enum kind kind;
  mode_t type;
  bool wrong;             /* owner or mode */
  bool unreadable;
  bool taken;             /* it is the file of that kind of message NUMBER */
};

struct scan {
  const struct queue *queue;
  struct table messages;
  struct stray *strays;
  size_t stray_count, stray_room;
  char **surplus;         /* split directories that are one too many */
  size_t surplus_count, surplus_room;
};

/* How the queue is split, from what is there. */
struct layout find_layout(int queue);

void scan_queue(struct scan *scan, const struct queue *queue);
void free_scan(struct scan *scan);

/* Where that file of that message is. */
void place_of(char path[PATH_BYTES], const struct scan *scan, enum kind kind,
              const struct message *message);

struct stray *add_stray(struct scan *scan, const struct stray *stray);

/* By number, kind, and those that are taken first. */
void sort_strays(struct scan *scan);

/* The envelope of a file of this kind becomes the message's. */
void add_envelope(struct message *message, const struct envelope *envelope, bool unreadable);

#endif
