/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks of which the program that makes them knows nothing. */
#ifndef WORKLOAD_TRACED_H
#define WORKLOAD_TRACED_H

/* Goes on in a child; this process watches it, and ends with it and its status. */
void go_on_traced(void);

/* Has the watcher make the mark TEXT, while this process stands still: by no system
 * call, for a program that defers may have told nobody of the call before. */
void mark_unseen(const char *text);

#endif
