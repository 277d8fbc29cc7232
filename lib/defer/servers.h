/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filesystems that a server answers for: it sees each look at a name or a file of
 * its own, and so how far the program has come. */
#ifndef SYNCDIR_SERVERS_H
#define SYNCDIR_SERVERS_H

#include <stdbool.h>
#include <stdint.h>

/* Looks for them.  False where there are too many, or /proc cannot be read. */
bool find_servers(void);

/* Whether some were found. */
bool has_servers(void);

/* Whether a server answers for what lies on this device. */
bool is_served(uint32_t major, uint32_t minor);

/* Whether no server sees that PATH is looked up. */
bool stays_away_from_servers(int dirfd, const char *path);

#endif
