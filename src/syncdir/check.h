/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What syncdir --check says of processes and directories. */
#ifndef SYNCDIR_CHECK_H
#define SYNCDIR_CHECK_H

#include "report.h"

/* Prints what there is to say of one running process and its children, or of one
 * directory. */
enum verdict check_process(const char *pid);
enum verdict check_directory(const char *directory);

/* Prints the last line of REPORT, and returns its verdict. */
enum verdict conclude(const struct report *report);

#endif
