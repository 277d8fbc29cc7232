/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings, before the library reads them: what it cannot use, it passes over
 * without a word. */
#ifndef SYNCDIR_PREFLIGHT_H
#define SYNCDIR_PREFLIGHT_H

#include <limits.h>
#include <stdbool.h>

/* What is wrong with LIST as the value of SYNCDIR_ONLY; NULL if nothing is.  Valid until the
 * next call. */
const char *wrong_with_only(const char *list);

/* Whether the variable NAME, which should be "off" or not set, has another value.  The
 * library ignores such a value. */
bool wrong_with_switch(const char *name);

/* Adds DIRECTORY, made absolute, to the list in *ONLY (NULL: empty).  Returns NULL, or what
 * is wrong with it. */
const char *add_to_only(char **only, const char *directory);

/* Makes the name of a trace absolute, so that children find it; "-" stays as it is.  False
 * and errno if the library could not write to it. */
bool prepare_trace(const char *file, char absolute[PATH_MAX]);

/* Opens the trace FILE as the library does; -1 and errno. */
int open_trace(const char *file);

#endif
