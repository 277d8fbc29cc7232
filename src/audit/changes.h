/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of names: how they join the model, and when they are durable. */
#ifndef SYNCDIR_AUDIT_CHANGES_H
#define SYNCDIR_AUDIT_CHANGES_H

#include "model.h"

/* DRAFT is a change with all that is known of it: it joins the others.  OLD is the name that
 * it takes away, or NULL. */
struct change *add_change(const struct change *draft, struct name *old);

/* The same for a name that was removed.  Not added, and NULL, if nobody can miss it: the
 * programs had made it and had not made it durable. */
struct change *add_removal(const struct change *draft);

/* All that the name of CHANGE needs is on the disk. */
void settle(struct change *change);

#endif
