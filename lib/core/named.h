/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The regular file that a new name leads to. */
#ifndef SYNCDIR_NAMED_H
#define SYNCDIR_NAMED_H

#include "core/flush.h"

/* fsync of the regular file to which CHANGE gave a name in the open directory PARENT.
 * Returns 0 as well if it is gone, is no regular file or cannot be opened; -1 and errno if
 * its flush fails. */
int flush_named_file(const struct change *change, int parent);

#endif
