/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds the upper directory of an overlay. */
#ifndef SYNCDIR_OVERLAY_H
#define SYNCDIR_OVERLAY_H

#include <stdbool.h>

/* UPPER_OTHER: neither btrfs, nor an ext2, ext3 or ext4 without a journal. */
enum upper { UPPER_UNKNOWN, UPPER_BTRFS, UPPER_OTHER, UPPER_MAY_LACK_JOURNAL };

/* Of the overlay that holds the open directory or file FD.  *CERTAIN is false if another
 * file of the same overlay might tell more. */
enum upper upper_of_overlay(int fd, bool *certain);

/* Whether the open file FD lies in the upper directory alone.  False if that cannot be
 * known. */
bool is_in_upper_alone(int fd);

#endif
