/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks and leases of files: what ends with a descriptor, and whom an open disturbs. */
#ifndef SYNCDIR_LOCKED_H
#define SYNCDIR_LOCKED_H

#include <stdbool.h>

/* Whether this process may hold a lock of fcntl(2) on the file of FD, by any descriptor. */
bool process_may_lock(int fd);

/* Whether the open file FD may be locked, by whoever has opened it. */
bool file_may_be_locked(int fd);

/* Whether somebody may hold a lease (fcntl(2)) of some file, or it is not worth while to
 * ask. */
bool may_be_leased(void);

#endif
