/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command says on standard error, and how it ends. */
#ifndef SYNCDIR_MESSAGE_H
#define SYNCDIR_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>

/* Precedes each message.  The file with main() defines it. */
extern const char program_name[];

/* Prints "PROGRAM: sentence" on standard error, and keeps errno.  The whole sentence is escaped
 * (escape.h), so that no name in it can begin another line. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vcomplain(const char *format, va_list arguments);

/* The same, and exit(STATUS). */
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether everything printed has reached standard output; if not, says so on standard error,
 * and the caller should end with a failure. */
bool output_was_written(void);

#endif
