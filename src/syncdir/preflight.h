/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings, before the library reads them: what it cannot use, it passes over
 * without a word. */
#ifndef SYNCDIR_PREFLIGHT_H
#define SYNCDIR_PREFLIGHT_H

#include <limits.h>
#include <stdbool.h>

/* What is wrong with LIST as SYNCDIR_ONLY; NULL if nothing.  Valid until the next
 * call. */
const char *wrong_with_only(const char *list);

/* Whether the variable NAME, which is "off" or nothing, has another value: one that
 * looks like a switch, and is taken as if it were not there. */
bool wrong_with_switch(const char *name);

/* Adds DIRECTORY, made absolute, to the list in *ONLY (NULL: empty).  Returns what is
 * wrong with it, or NULL. */
const char *add_to_only(char **only, const char *directory);

/* Makes the name of a trace absolute, so that children find it; "-" stays.  False,
 * and errno, if the library could not write it. */
bool prepare_trace(const char *file, char absolute[PATH_MAX]);

/* Opens the trace FILE as the library does; -1 and errno. */
int open_trace(const char *file);

#endif
