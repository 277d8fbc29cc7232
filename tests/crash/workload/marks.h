/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The marks by which powercut knows what was promised, and when. */
#ifndef WORKLOAD_MARKS_H
#define WORKLOAD_MARKS_H

#include <stddef.h>

/* Opens $POWERCUT_MARKS, once, before any fork.  Without it there are no marks. */
void open_marks(void);

/* A call begins in TREE, a directory relative to where the program was started;
 * the text says which. */
void begins(const char *tree, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* It has returned, with success or without. */
void returned(const char *tree);

/* The calls from here on are one, to powercut and to everybody else: what the two
 * functions above say is not told by this process, but by its tracer (traced.h). */
void begin_batch(const char *tree, const char *text);

/* All of them have returned, and this process tells it. */
void end_batch(const char *tree);

/* A mark that somebody else has asked for. */
void write_mark(const char *text, size_t length);

/* The content of PATH, absolute or relative to TREE, has been fsynced. */
void fsynced(const char *tree, const char *path);

#endif
