/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What qfsck says beside its report: errors, progress; and its exit codes. */
#ifndef QFSCK_SAY_H
#define QFSCK_SAY_H

#include <stdarg.h>
#include <stddef.h>

/* Those of fsck(8), which are added up. */
enum { SOUND = 0, REPAIRED = 1, DAMAGE_LEFT = 4, CANNOT_WORK = 8, USAGE = 16 };

/* Prints a sentence on standard error, escaped as a whole. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same on standard output, without the name of the program. */
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vtell(const char *format, va_list arguments);

/* Prints a sentence and ends the program with exit status 8. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same: "cannot VERB PATH", the reason from errno, and what helps. */
_Noreturn void cannot(const char *verb, const char *path);

/* Undoes what was begun.  Called once, with its argument, before fail ends the program.
 * NULL: nothing was begun, or it can only be finished. */
struct undo {
  void (*call)(const void *argument);
  const void *argument;
};
extern struct undo undo_before_failing;

/* Shows a bar, on a terminal.  It ends the program if a signal to stop has come, so every
 * loop that may take long calls it. */
void show_progress(const char *what, size_t done, size_t all);
void end_progress(void);

/* From here on SIGINT, SIGTERM and SIGHUP end the program, at the next call of
 * end_if_stopped. */
void catch_signals(void);
void end_if_stopped(void);

/* What a program that was stopped says about its work so far. */
extern const char *if_stopped;

#endif
