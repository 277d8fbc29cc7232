/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a program would be protected. */
#ifndef SYNCDIR_JUDGE_H
#define SYNCDIR_JUDGE_H

#include <stdbool.h>

#include "report.h"

/* Finds out about the installed library and the settings: enough for every program
 * that can be preloaded.  True if the library can be used. */
bool judge_installation(struct report *report);

/* Finds out about the file PATH, were this process to execute it with the library
 * preloaded.  Returns whether it must be preloaded by the library's bare name: it is
 * set-id, and the library is installed for that. */
bool judge_program(struct report *report, const char *path);

/* Whether the program FILE has the library inside, linked or from the archive. */
bool is_linked(struct report *report, const char *file);

#endif
