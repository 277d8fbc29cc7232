/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which process knows of which changes, and who outside was told. */
#ifndef SYNCDIR_AUDIT_KNOWERS_H
#define SYNCDIR_AUDIT_KNOWERS_H

#include "model.h"

/* Whether somebody can still be told of CHANGE. */
bool is_open(const struct change *change);

/* Whether a power cut would take something of CHANGE. */
bool is_at_risk(const struct change *change);

/* CHANGE is durable, and nobody was told before that for certain. */
void close_change(struct change *change);

/* CHANGE is new, and known to whoever has made it. */
void keep_to_tell(struct change *change);

bool knows(const struct process *process, const struct change *change);
void learn(struct change *change, const struct process *process);

/* Whether BY knows anything, or may do so, that nobody outside was told yet. */
bool has_news(const struct process *by);

/* BY has told others all that it knows, by the thread THREAD, or 0: by its end. */
void tell(const struct process *by, pid_t thread, const char *how);

/* What one process knows, another one knows as well. */
void share(const struct process *from, struct process *to);

/* The process has ended: what it knows is its parent's.  False if it has none who lives. */
bool hand_over(struct process *process);

#endif
