/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command of the user's that judges a state. */
#ifndef POWERCUT_USER_CHECK_H
#define POWERCUT_USER_CHECK_H

#include "oracle.h"

/* Runs COMMAND in FOLDER, with the first MARKS marks on its standard input, one
 * a line.  Exit status 0: as promised, 1: lost, 3: half done, others: wrong; the
 * first line that it prints is the difference. */
enum verdict ask_user_check(const char *command, const char *folder,
                            const struct recording *recording, size_t marks, char *difference);

#endif
