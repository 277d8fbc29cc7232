/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of intentions: QUEUE/qfsck/journal.
 *
 * It has a line for each step, with fields separated by tabs, and escapes for what cannot be
 * printed:
 *
 *   VERB INODE PATH TO UID GID MODE NUMBER WHY
 *
 * The last line is "commit" and the CRC-32 of everything before it.  Without that line no
 * step was begun; but the doors may be closed, and there may be copies in WORK, which is
 * undone.  With it every step is taken, if not by this run then by the next.  A step names
 * a file by its inode, so a step that was taken already does nothing. */
#ifndef QFSCK_JOURNAL_H
#define QFSCK_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "queue.h"

enum verb {
  CLOSED, /* pid, and for a move lock, are below WORK: nobody comes in */
  /* This queue is being copied from PATH, a directory of INODE; it is split NUMBER ways, and
   * todo and intd too if MODE is 1. */
  COPY_OF,
  MOVED_TO, /* this queue's messages live in the queue PATH, a directory of INODE */
  NOTES,    /* what went to lost+found is listed in PATH */
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

/* Makes what was added so far readable.  False: see commit_journal. */
bool flush_journal(struct journal *journal);

/* The journal is durable when this returns true.  False: the disk is full, nothing was
 * begun, and JOURNAL->bytes says how much room it needs. */
bool commit_journal(struct journal *journal);

enum journal_state journal_state(const struct queue *queue);

/* The steps of the journal in the queue, one after the other:
 *
 *   struct steps steps = open_steps(queue);
 *   for (struct step step; next_step(&steps, &step); ) ...
 *
 * next_step closes them after the last.  A step's WHY is valid until the next step. */
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

/* All steps were taken.  Writes the notes of lost+found, a line for each file with its path,
 * its new name and the reason, and removes the journal. */
void retire_journal(const struct queue *queue);

/* No step was begun: removes the journal, and the copies in WORK. */
void discard_journal(const struct queue *queue);

#endif
