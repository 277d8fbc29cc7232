/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether two files are the same, byte for byte. */
#ifndef SYNCDIR_COPIES_H
#define SYNCDIR_COPIES_H

#include <stdbool.h>

/* Whether both files hold the same bytes.  False as well if one cannot be read. */
bool same_bytes(const char *one, const char *other);

#endif
