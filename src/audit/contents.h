/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in the files, and which change answers for the bytes that nobody has flushed. */
#ifndef SYNCDIR_AUDIT_CONTENTS_H
#define SYNCDIR_AUDIT_CONTENTS_H

#include "model.h"

/* BY writes into FILE, by its thread THREAD, or maps it to do so.  False if no change answers
 * for it, so that add_write has to follow. */
bool file_written(struct file *file, const struct process *by, pid_t thread, bool mapped);

/* DRAFT, of the kind WRITTEN, answers for what is written into its file until it is flushed. */
void add_write(const struct change *draft);

/* Nobody misses what was written into FILE: it is gone, or durable, or another change answers
 * for it. */
void drop_write(struct file *file);

/* CHANGE gives its file a name, and answers for the bytes from now on. */
void speak_for_bytes(struct change *change);

/* A flush of the bytes began at that moment. */
void bytes_flushed(struct file *file, moment began);

#endif
