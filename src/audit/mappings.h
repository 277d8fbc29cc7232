/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are mapped writable: no call shows what is stored there, but the time of the
 * file's last change does. */
#ifndef SYNCDIR_AUDIT_MAPPINGS_H
#define SYNCDIR_AUDIT_MAPPINGS_H

#include "model.h"

/* The file ST is mapped.  DRAFT is the change, of the kind WRITTEN, that a store will be. */
void add_mapping(const struct change *draft, const struct stat *st);

/* What was stored since the last look is written now. */
void look_at_mappings(void);

/* FILE has now the time ST, by a call that has also flushed what it has written. */
void forgive_time(const struct file *file, const struct stat *st);

/* PROCESS has ended or runs another program, and its mappings are gone with its memory.  Its
 * children may still have them. */
void leave_mappings(const struct process *process);

#endif
