/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a journal commits changes in the order in which they were made. */
#ifndef SYNCDIR_JOURNAL_H
#define SYNCDIR_JOURNAL_H

#include <stdbool.h>

struct sys_stat;

/* Whether the ext4 of the open directory, of which statx said ST, has no fast_commit,
 * which makes a file's changes durable without those of others before it. */
bool commits_in_order(const struct sys_stat *st);

#endif
