/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes what is to be done into the journal, step by step; does nothing if there is none. */
#ifndef QFSCK_PLAN_H
#define QFSCK_PLAN_H

#include "journal.h"

struct plan {
  const struct queue *queue;
  struct journal *journal; /* NULL: only look */
  bool lost_found;         /* lost+found and the notes are planned already */
  unsigned copies;
};

void plan_step(struct plan *plan, const struct step *step);
void plan_move(struct plan *plan, const char *from, const char *to);

/* Removes the name PATH of a file that has other names. */
void plan_second(struct plan *plan, const char *path, uint64_t inode);

/* What keeps lost+found from being changed, in words; NULL if nothing does. */
const char *what_blocks_lost_found(const struct queue *queue);

/* FROM goes to lost+found, and WHY to its notes. */
void plan_loss(struct plan *plan, const char *from, const char *why);

/* Sets owner and mode.  RULE is that of a message's file, or NULL for another file. */
void plan_owner(struct plan *plan, const char *path, enum user owner, const struct rule *rule,
                mode_t mode);

/* Makes a durable copy of the file FROM in WORK; returns its inode, and its path in PATH.  If
 * the journal is not committed, the copy is removed with it. */
uint64_t make_copy(struct plan *plan, const char *from, char path[PATH_BYTES]);

#endif
