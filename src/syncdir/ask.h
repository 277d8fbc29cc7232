/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that is run for what it prints. */
#ifndef SYNCDIR_ASK_H
#define SYNCDIR_ASK_H

#include <stddef.h>

/* Runs COMMAND in our environment, but without the settings of the library and without
 * LD_DEBUG and its kind, and with PRELOAD as LD_PRELOAD (NULL: without LD_PRELOAD and
 * LD_LIBRARY_PATH, as in a set-id program).  Puts what it prints into ANSWER, as far as it
 * fits.  Returns 0, or the errno of what failed: EMSGSIZE if it did not fit. */
int ask(char *const command[], const char *preload, char *answer, size_t size);

#endif
