/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SYNCDIR_TRACE: one line for each flush. */
#ifndef SYNCDIR_TRACE_H
#define SYNCDIR_TRACE_H

#include <stdbool.h>

/* Called once, with the value of SYNCDIR_TRACE, when settings are read. */
void trace_to(const char *file);

bool tracing(void);

/* The time, on a clock that only goes forward. */
long long microseconds(void);

/* Writes the line of one flush: HOW of the descriptor FD (-1: none) ended with
 * ERROR (0: success) after MICROSECONDS. */
void trace_flush(const char *call, const char *path, int fd, const char *how, int error,
                 long long microseconds);

/* Adds a field to the line of the next flush. */
void trace_with(const char *note);

#endif
