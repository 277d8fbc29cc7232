/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What syncdir --check examines.  Each kind has a file of its own, and check.c calls them. */
#ifndef SYNCDIR_CHECK_H
#define SYNCDIR_CHECK_H

#include "syncdir/report.h"

/* Finds out about the program in the file PATH and the libraries that it loads. */
void check_program(struct report *report, const char *path);

/* Finds out about the running process PID, and adds a part for each of its children. */
void check_process(struct report *report, const char *pid);

/* Finds out whether changes of the program in PATH, or in a directory, would be put off
 * in the deferred mode. */
void tell_program_deferred(struct report *report, const char *path);
void tell_directory_deferred(struct report *report, const char *directory);

/* Finds out about a directory, its filesystem and the drive below. */
void check_directory(struct report *report, const char *directory);

#endif
