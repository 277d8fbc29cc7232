/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The write cache of the drive below a directory. */
#ifndef SYNCDIR_DISK_H
#define SYNCDIR_DISK_H

#include "syncdir/report.h"

/* What sysfs shows of the drives below the open directory FD, which is mounted from
 * SOURCE. */
void tell_cache(struct report *report, int fd, const char *source);

#endif
