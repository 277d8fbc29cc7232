/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SYNCDIR and SYNCDIR_ONLY, read once. */
#ifndef SYNCDIR_SETTINGS_H
#define SYNCDIR_SETTINGS_H

#include <stdbool.h>

/* False under SYNCDIR=off: every call is passed through. */
bool flushing(void);

/* Whether a change in the open directory is to be flushed: false only if it
 * certainly lies below none of SYNCDIR_ONLY's directories. */
bool wanted(int directory);

#endif
