/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that is run for what it prints. */
#ifndef SYNCDIR_ASK_H
#define SYNCDIR_ASK_H

#include <stddef.h>

/* Runs COMMAND in our environment, without the settings of the library and of the
 * loader's talk, and with PRELOAD as LD_PRELOAD (NULL: not set, nor LD_LIBRARY_PATH, as in
 * a set-id program).  ANSWER is what it prints, as far as it fits.  0, or the errno of
 * what failed: EMSGSIZE if it did not fit. */
int ask(char *const command[], const char *preload, char *answer, size_t size);

#endif
