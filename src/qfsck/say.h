/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What qfsck says: errors, printable names, progress; and its exit codes. */
#ifndef QFSCK_SAY_H
#define QFSCK_SAY_H

#include <stdbool.h>
#include <stddef.h>

/* Those of fsck(8), which are added up. */
enum { SOUND = 0, REPAIRED = 1, DAMAGE_LEFT = 4, CANNOT_WORK = 8, USAGE = 16 };

/* Each byte of a name that does not print takes four. */
enum { NAME_BYTES = 256, PATH_BYTES = 3 * NAME_BYTES, ESCAPED_BYTES = 4 * PATH_BYTES };

/* Room for TEXT, with \xHH for what does not print, for white space and for \.
 * Returns TO. */
const char *escape(char to[ESCAPED_BYTES], const char *text);

/* The inverse, in place. */
void unescape(char *text);

/* A sentence on standard error. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A sentence, and the end: EXIT STATUS 8. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* cannot VERB PATH: the reason from errno, and what helps; and the end. */
_Noreturn void cannot(const char *verb, const char *path);

/* Called once by the next fail, before the end. */
extern void (*before_failing)(void);

/* One dies where there is no memory: nothing has been begun then. */
void *grow(void *array, size_t count, size_t size);
char *copy_of(const char *text);

/* A bar, on a terminal. */
void show_progress(const char *what, size_t done, size_t all);
void end_progress(void);

#endif
