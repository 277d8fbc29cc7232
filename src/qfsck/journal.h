/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of intentions: QUEUE/qfsck/journal.
 *
 * A line for each step, its fields parted by tabs, what does not print escaped:
 *
 *   VERB INODE PATH TO UID GID MODE NUMBER WHY
 *
 * and at last "commit" and the CRC-32 of all before it.  Without that line no
 * step was begun, but the doors may be closed, and copies be made, in WORK: these are
 * taken back.  With it every step is taken, by the next run if not by this one.  A
 * step names a file by its inode, and so does nothing where it was taken already. */
#ifndef QFSCK_JOURNAL_H
#define QFSCK_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "queue.h"

enum verb {
  CLOSED,   /* pid, and for a move lock, are below WORK: nobody comes in */
  COPY_OF,  /* this queue is being copied from PATH, a directory of INODE; it is split NUMBER
                 ways, and todo and intd too if MODE is 1 */
  MOVED_TO, /* this queue's messages live in the queue PATH, a directory of INODE */
  NOTES,    /* what went to lost+found is told in PATH */
  OWN,      /* PATH gets UID, GID, MODE */
  SECOND,   /* PATH is removed: INODE has other names */
  MOVE,     /* PATH becomes TO */
  FOLDER,   /* PATH is made */
  PLAIN,    /* PATH is made, of NUMBER bytes */
  FIFO,     /* PATH is made */
  EMPTY,    /* PATH, an empty directory, is removed */
  NUMBER,   /* message INODE was called NUMBER: a line of the map */
  VERBS
};

struct step {
  enum verb verb;
  uint64_t inode, number;
  uid_t uid;
  gid_t gid;
  mode_t mode;
  char path[PATH_BYTES], to[PATH_BYTES];
  const char *why;
  unsigned long position; /* in the journal, from 1; add_step does not ask for it */
};

struct journal {
  const struct queue *queue;
  FILE *stream;
  uint32_t crc;
  uint64_t bytes;
  int error; /* of the first write that failed */
};

enum journal_state { NO_JOURNAL, BEGUN, COMMITTED };

/* Makes the journal; its first line is durable when this returns. */
void begin_journal(struct journal *journal, const struct queue *queue, const struct step *first);
void add_step(struct journal *journal, const struct step *step);

/* What was added so far can be read.  False: see commit_journal. */
bool flush_journal(struct journal *journal);

/* Durable when this returns true.  False: the disk is full, nothing was begun,
 * and JOURNAL->bytes says what it would have taken. */
bool commit_journal(struct journal *journal);

enum journal_state journal_state(const struct queue *queue);

/* The steps of the journal in the queue, one after the other:
 *
 *   struct steps steps = open_steps(queue);
 *   for (struct step step; next_step(&steps, &step); ) ...
 *
 * next_step closes them after the last; a step's WHY is good until the next. */
struct steps {
  FILE *stream;
  char *line;
  size_t room;
  unsigned long position;
};
struct steps open_steps(const struct queue *queue);
bool next_step(struct steps *steps, struct step *step);

/* The first step of that verb; false if there is none. */
bool find_step(const struct queue *queue, enum verb verb, struct step *step);

/* The journal has served its turn.  What went to lost+found is noted there first: a
 * line for each, its path, its new name and the reason. */
void retire_journal(const struct queue *queue);

/* Nothing of what it says was begun: removes it, and the copies in WORK. */
void discard_journal(const struct queue *queue);

#endif
