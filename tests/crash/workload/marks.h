/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The marks by which powercut knows what was promised, and when. */
#ifndef WORKLOAD_MARKS_H
#define WORKLOAD_MARKS_H

/* Opens $POWERCUT_MARKS, once, before any fork.  Without it there are no marks. */
void open_marks(void);

/* A call begins in TREE, a directory relative to where the program was started;
 * the text says which. */
void begins(const char *tree, const char *format, ...)
  __attribute__((format(printf, 2, 3)));

/* It has returned, with success or without. */
void returned(const char *tree);

/* The content of PATH, absolute or relative to TREE, has been fsynced. */
void fsynced(const char *tree, const char *path);

#endif
