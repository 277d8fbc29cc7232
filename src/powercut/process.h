/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs and commands of the user's, run to their end. */
#ifndef POWERCUT_PROCESS_H
#define POWERCUT_PROCESS_H

#include <stdbool.h>

/* Runs the program WORDS[0] with these words, the last of which is NULL.  OUTPUT
 * is its standard output and standard error, or -1 for ours.  Returns its exit
 * status, as sh(1) tells it: 127 if it was not found, 128 and its number for a
 * signal. */
int run_program(const char *const words[], int output);

/* Runs COMMAND by sh(1) in FOLDER, with INPUT as its standard input and OUTPUT as
 * above.  What it leaves behind is ended with it.  Returns its exit status, as above. */
int run_command(const char *command, const char *folder, int input, int output);

/* Makes the file TO a copy of FROM, in which zeros are holes.  False, after
 * cp(1) has said why, if that is impossible. */
bool copy_file(const char *from, const char *to);

#endif
