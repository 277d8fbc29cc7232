/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program calls, and what leads past the library. */
#ifndef SYNCDIR_PROGRAM_CALLS_H
#define SYNCDIR_PROGRAM_CALLS_H

#include <stdbool.h>

#include "elf/object.h"
#include "report.h"

#define OR_DIRSYNC ", or mount its directories with dirsync if they lie on ext2, ext3, ext4 or xfs"

/* The names in SET, with a space before each. */
const char *names_in(const bool set[wrapped_count], char *names, size_t size);

/* Says what OBJECT, the file FILE, can load and look up while it runs. */
void note_lookups(struct report *report, const char *file, const struct object *object);

/* Says what may lead calls of the program, or the program itself, past the library. */
void note_ways_past(struct report *report, const char *file, const struct object *object);

/* Says which wrapped functions it imports, and what it may start: for a full report. */
void describe_calls(struct report *report, const char *file, const struct object *object);

/* Finds out which system calls FILE, reported as SHOWN, makes by itself.  If it is a
 * program, they are a reason to refuse it; if it is a library, they are not. */
void judge_own_calls(struct report *report, const char *file, const char *shown, bool is_program);

/* The same for a program, unless it holds the archive, whose calls cannot be told from its
 * own. */
void judge_program_calls(struct report *report, const char *file, const char *shown,
                         const struct object *object);

#endif
