/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a system call is the only way in which this process lets anything out. */
#ifndef SYNCDIR_ALONE_H
#define SYNCDIR_ALONE_H

#include <stdbool.h>

/* NULL, or why it is not, or may not be.  FORKED: since its last exec(2), so that it may
 * share with its parent; the kernel ends that at an exec. */
const char *why_not_alone(bool forked);

/* Whether the parent may have the same umask: unlike memory and descriptors, exec(2) lets
 * it be shared. */
bool parent_shares_umask(void);

#endif
