/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of the block server: events, in the order in which they were seen. */
#ifndef POWERCUT_LOG_H
#define POWERCUT_LOG_H

#include "recording.h"

void open_log(const char *folder, const struct about *of_device);

/* Each returns the number of its event. */
uint32_t log_write(uint64_t offset, uint64_t length, const char *data /* NULL: zeros */);
uint32_t log_flush(void);
void log_end(enum event_type type, uint32_t start);

/* A mark gets its place at once, and its text when the tree was read. */
uint32_t log_mark(void);
void log_mark_text(uint32_t mark, const char *line, const struct tree *seen /* or NULL */);

/* Keeps a sentence about what cannot be judged. */
void log_note(const char *sentence);

void close_log(void);

#endif
