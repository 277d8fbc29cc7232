/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an errno of open, fsync or syncfs of a directory means.  The launcher's --check
 * uses it as well. */
#ifndef SYNCDIR_ERRORS_H
#define SYNCDIR_ERRORS_H

#include <stdbool.h>

/* Whether a directory could not be opened for lack of permission, descriptors or memory,
 * or because its path no longer leads anywhere.  Any other errno means that the filesystem
 * is broken. */
bool only_cannot_open(int error);

/* Whether fsync or syncfs is not for directories, or does not work here: such an errno says
 * nothing about the state of the filesystem. */
bool not_for_directories(int error);

#endif
