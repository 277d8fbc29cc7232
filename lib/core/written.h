/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last few files of which this process knows that their bytes are written. */
#ifndef SYNCDIR_WRITTEN_H
#define SYNCDIR_WRITTEN_H

#include <stdbool.h>

#include "core/sys.h"

/* What must be asked for, of the file that is to be remembered or recognized. */
enum { STAT_STATE = STAT_TYPE | STAT_INODE | STAT_SIZE | STAT_CHANGED | STAT_UNIQUE_MOUNT };

/* The file was as BEFORE says; then its bytes were written, and waited for.  BEFORE
 * must be older than the flush: what somebody writes meanwhile is not in it. */
void remember_written(const struct sys_stat *before);

/* Whether any file is remembered: otherwise there is no need to ask for its state. */
bool any_is_known(void);

/* Whether the file that is as NOW says has not changed since it was remembered.
 * False: that is unknown. */
bool known_as_written(const struct sys_stat *now);

#endif
