/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies messages from queue to queue, and trees of files as a whole. */
#ifndef QFSCK_COPY_H
#define QFSCK_COPY_H

#include "scan.h"

/* Copies a message into the new queue: contents, owners, modes and times stay, and its
 * number becomes that of its new inode.  Returns the number.  Nothing is flushed. */
uint64_t copy_message(const struct scan *from, const struct message *message,
                      const struct queue *to);

/* The same for one file, whose new path must be free. */
uint64_t copy_file(const struct queue *from, const char *path, const struct queue *to,
                   const char *new_path);

unsigned long long bytes_needed(const struct scan *from);

/* Removes all files of messages below the queue FOLDER.  The directories stay: they show
 * how it is split. */
void remove_files(int folder);

/* Makes everything below FOLDER durable. */
void flush_tree(int folder);

/* Whether there is no file below FOLDER but in lock, pid, lost+found and WORK. */
bool has_no_files(int folder);

#endif
