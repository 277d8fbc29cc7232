/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the marks of the program under test and looks at its trees. */
#ifndef POWERCUT_WATCH_H
#define POWERCUT_WATCH_H

#include <stddef.h>
#include "recording.h"

/* Starts the watcher, a process of its own: to look at a tree is to wait for the
 * block server, and a thread of the server that waits for the server could not
 * even be killed.  TREES: where the filesystem under test is mounted. */
void start_watcher(const char *trees, const struct about *about);

/* The mark that ends the run: what cannot be judged is noted. */
#define END_OF_RUN "\001"

/* Logs the mark of SIZE bytes at BUFFER, with the live tree if it has one.
 * Returns SIZE or, as FUSE wants it, -EINVAL for a mark that is out of order. */
int take_mark(const char *buffer, size_t size);

/* Ends the process with a sentence if a mark had been out of order. */
void end_watcher(void);

#endif
