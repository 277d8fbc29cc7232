/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir --check: says whether, and how, something would be protected. */
#ifndef SYNCDIR_CHECK_H
#define SYNCDIR_CHECK_H

#include <stdbool.h>

#include "report.h"

/* Each of the SUBJECTS, until NULL; the installation, if there is none.  Returns the
 * exit status. */
int check(char **subjects);

/* The same for one running process and its children, for one directory. */
enum verdict check_process(const char *pid);
enum verdict check_directory(const char *directory);

/* Prints the last line of REPORT, and returns its verdict. */
enum verdict conclude(const struct report *report);

#endif
