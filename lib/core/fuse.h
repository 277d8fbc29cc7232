/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which FUSE server a filesystem has. */
#ifndef SYNCDIR_FUSE_H
#define SYNCDIR_FUSE_H

#include <stdbool.h>

#include "core/sys.h"

/* Whether the server of the FUSE filesystem of ST is known to pass fsync of a
 * directory on to the directory below.  False where that cannot be known. */
bool fuse_passes_fsync_on(const struct sys_stat *st);

#endif
