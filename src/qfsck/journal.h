/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of intentions: QUEUE/qfsck/journal.
 *
 * A line for each step, its fields parted by tabs, what does not print escaped:
 *
 *   VERB INODE PATH TO UID GID MODE SIZE WHY
 *
 * and at last "commit" and the CRC-32 of all before it.  Without that line no
 * step was begun, but the doors may be closed: they are opened again.  With it
 * every step is taken, by the next run if not by this one.  A step names a file
 * by its inode, and so does nothing where it was taken already. */
#ifndef QFSCK_JOURNAL_H
#define QFSCK_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "queue.h"

enum verb {
  CLOSED,     /* pid, and for a move lock, are below WORK: nobody comes in */
  COPY_OF,    /* this queue is being copied from PATH, a directory of INODE */
  MOVED_TO,   /* this queue's messages live in the queue PATH */
  OWN,        /* PATH gets UID, GID, MODE */
  MOVE,       /* PATH becomes TO */
  FOLDER,     /* PATH is made */
  PLAIN,      /* PATH is made, of SIZE bytes */
  FIFO,       /* PATH is made */
  EMPTY,      /* PATH, an empty directory, is removed */
  NUMBER,     /* message INODE was called SIZE: a line of the map */
  VERBS
};

struct step {
  enum verb verb;
  uint64_t inode, size;
  uid_t uid;
  gid_t gid;
  mode_t mode;
  char path[PATH_BYTES], to[PATH_BYTES];
  const char *why;
};

struct journal {
  const struct queue *queue;
  FILE *stream;
  uint32_t crc;
  uint64_t bytes;
  int error;              /* of the first write that failed */
};

enum journal_state { NO_JOURNAL, BEGUN, COMMITTED };

/* Makes the journal; its first line is durable when this returns. */
void begin_journal(struct journal *journal, const struct queue *queue, const struct step *first);
void add_step(struct journal *journal, const struct step *step);

/* Durable when this returns true.  False: the disk is full, nothing was begun,
 * and JOURNAL->bytes says what it would have taken. */
bool commit_journal(struct journal *journal);

enum journal_state journal_state(const struct queue *queue);

/* Calls TAKE with each step of the journal in the queue and its position. */
typedef void step_taker(const struct queue *queue, const struct step *step, unsigned long position,
                        void *more);
void for_each_step(const struct queue *queue, step_taker *take, void *more);

/* The first step of that verb; false if there is none. */
bool find_step(const struct queue *queue, enum verb verb, struct step *step);

/* The journal has served its turn.  If anything went to lost+found it goes
 * there too: it says what, and why. */
void retire_journal(const struct queue *queue);

/* Nothing of what it says was begun. */
void discard_journal(const struct queue *queue);

#endif
