/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an errno of open, fsync or syncfs of a directory means: the launcher's
 * --check asks as well. */
#ifndef SYNCDIR_ERRORS_H
#define SYNCDIR_ERRORS_H

#include <stdbool.h>

/* Whether a directory could not be opened for want of permission, descriptors
 * or memory, or because its path no longer leads anywhere.  Any other errno
 * says that the filesystem is broken. */
bool only_cannot_open(int error);

/* Whether fsync or syncfs is not for directories, or not to be had here: nothing is
 * said about the filesystem. */
bool not_for_directories(int error);

#endif
