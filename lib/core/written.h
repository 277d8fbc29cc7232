/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last few files of which this process knows that their bytes are written. */
#ifndef SYNCDIR_WRITTEN_H
#define SYNCDIR_WRITTEN_H

#include <stdbool.h>

#include "core/sys.h"

/* What statx must be asked for, of a file that is to be remembered or recognized. */
enum { STAT_STATE = STAT_TYPE | STAT_INODE | STAT_SIZE | STAT_CHANGED | STAT_UNIQUE_MOUNT };

/* The bytes of the file that was as BEFORE says are written.  BEFORE must be from before
 * the flush: what somebody wrote during the flush may not be on the disk. */
void remember_written(const struct sys_stat *before);

/* Whether any file is remembered: if not, there is no need to ask for a state. */
bool any_is_known(void);

/* Whether the file that is as NOW says was remembered, and has not changed since.  False
 * if that is unknown. */
bool known_as_written(const struct sys_stat *now);

#endif
