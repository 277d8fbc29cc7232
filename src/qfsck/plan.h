/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is to be done, step for step into the journal; nothing if there is none. */
#ifndef QFSCK_PLAN_H
#define QFSCK_PLAN_H

#include "journal.h"

struct plan {
  const struct queue *queue;
  struct journal *journal; /* NULL: only look */
  bool lost_found;         /* it is there, or planned, and so are the notes */
  unsigned copies;
};

void plan_step(struct plan *plan, const struct step *step);
void plan_move(struct plan *plan, const char *from, const char *to);

/* PATH, which has other names, loses this one. */
void plan_second(struct plan *plan, const char *path, uint64_t inode);

/* What keeps lost+found from being changed, in words; NULL if nothing does. */
const char *what_blocks_lost_found(const struct queue *queue);

/* FROM goes to lost+found, and WHY to its notes. */
void plan_loss(struct plan *plan, const char *from, const char *why);

/* RULE is that of a message's file, or NULL. */
void plan_owner(struct plan *plan, const char *path, enum user owner, const struct rule *rule,
                mode_t mode);

/* Makes a copy of the file FROM in WORK, and says its path and its inode.  The copy is
 * on the disk; it goes with the journal if that is not committed. */
uint64_t make_copy(struct plan *plan, const char *from, char path[PATH_BYTES]);

#endif
