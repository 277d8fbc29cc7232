/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SYNCDIR, SYNCDIR_DATA and SYNCDIR_ONLY, read once. */
#ifndef SYNCDIR_SETTINGS_H
#define SYNCDIR_SETTINGS_H

#include <stdbool.h>

/* Directories of SYNCDIR_ONLY, and bytes with the NUL; with more, the setting cannot
 * be used. */
enum { ONLY_MAX = 32, ONLY_SIZE = 8192 };

/* False under SYNCDIR=off: every call is passed through. */
bool flushing(void);

/* False under SYNCDIR_DATA=off as well: the bytes of a file that gets a name are left
 * to the program. */
bool writing_bytes(void);

/* Whether SYNCDIR_ONLY names directories, or may: what lies elsewhere is not flushed. */
bool only_some(void);

/* Whether a change in the open directory is to be flushed: false only if it
 * certainly lies below none of SYNCDIR_ONLY's directories. */
bool wanted(int directory);

#endif
