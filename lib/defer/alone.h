/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a system call is the only way in which this process lets anything out. */
#ifndef SYNCDIR_ALONE_H
#define SYNCDIR_ALONE_H

#include <stdbool.h>
#include <stdint.h>

/* NULL, or why it is not, or may not be.  FORKED: since its last exec(2), so that it may
 * share with its parent; the kernel ends that at an exec. */
const char *why_not_alone(bool forked);

/* Whether nothing but private memory without a file is mapped in these LENGTH bytes. */
bool is_anonymous(uint64_t start, uint64_t length);

/* Whether this process may hold a lock on some file. */
bool process_may_hold_locks(void);

/* Whether somebody may hold a lease (fcntl(2)) of some file. */
bool some_file_is_leased(void);

/* Whether the open file FD may be locked, by whoever has opened it. */
bool file_may_be_locked(int fd);

#endif
