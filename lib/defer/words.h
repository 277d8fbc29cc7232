/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of /proc that have a record in each line, word by word. */
#ifndef SYNCDIR_WORDS_H
#define SYNCDIR_WORDS_H

#include <stdbool.h>

/* Whether MATTERS is true of some WORD of PATH, which is the one at AT, from 0, in its
 * line; of a long word it sees the beginning.  Two blanks have an empty word between
 * them, which is counted and not shown.  True as well where PATH cannot be read to its
 * end: what was not seen counts as found. */
bool some_word(const char *path, bool (*matters)(const char *word, int at));

#endif
