/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares a queue with qmail's invariants, and writes into the journal what
 * repairs it. */
#ifndef QFSCK_CHECK_H
#define QFSCK_CHECK_H

#include "journal.h"
#include "report.h"
#include "scan.h"

struct check {
  const struct queue *queue;
  struct report *report;
  struct journal *journal;  /* NULL: only look */
  bool door_is_closed, lost_found_is_planned;
  struct scan scan;
};

void check_queue(struct check *check);

/* The directories and the files in lock; false if they are not to be repaired,
 * and then nothing is. */
bool check_skeleton(struct check *check);

/* Strays find their messages: by number, and a mess file by its inode too. */
void adopt_strays(struct scan *scan);

/* Decides on the fate of each message, and of each stray. */
void decide_fates(struct check *check);

/* The steps, nothing if there is no journal. */
void plan(struct check *check, const struct step *step);
void plan_move(struct check *check, const char *from, const char *to, const char *why);
void plan_loss(struct check *check, const char *from, const char *why);
void plan_owner(struct check *check, const char *path, enum user owner, const struct rule *rule,
                mode_t mode);

#endif
