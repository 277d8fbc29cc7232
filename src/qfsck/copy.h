/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies messages from queue to queue, and trees of files as a whole. */
#ifndef QFSCK_COPY_H
#define QFSCK_COPY_H

#include "scan.h"

/* The message in the new queue: contents, owners, modes and times as they are,
 * the number that of its new inode, which is returned.  Nothing is flushed. */
uint64_t copy_message(const struct scan *from, const struct message *message,
                      const struct queue *to);

unsigned long long bytes_needed(const struct scan *from);

/* All that is below FOLDER, but for the names in KEPT, which ends with NULL. */
void remove_tree(int folder, const char *const kept[]);

/* Everything below FOLDER is durable. */
void flush_tree(int folder);

/* No file below FOLDER but in lock and lost+found. */
bool has_no_files(int folder);

#endif
