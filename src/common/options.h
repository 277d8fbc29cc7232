/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: getopt_long(3) with messages like all others. */
#ifndef SYNCDIR_COMMON_OPTIONS_H
#define SYNCDIR_COMMON_OPTIONS_H

#include <getopt.h>

/* The next option, as getopt_long returns it; -1 after the last.  If an option is unknown, or
 * lacks its argument, it says so and ends as misuse does.  LETTERS begins with ":", or with
 * "+:" if options end at the first other argument. */
int next_option(int count, char **arguments, const char *letters, const struct option *names,
                int status);

/* "PROGRAM: sentence", where to find help, and exit(STATUS). */
_Noreturn void misuse(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints TEXT (the help, the version) on standard output, and ends the program: with
 * 0, or with STATUS if that could not be written. */
_Noreturn void print_and_end(const char *text, int status);

#endif
