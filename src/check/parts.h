/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are not judged by what they do: the parts of the C library, and of ours. */
#ifndef SYNCDIR_PARTS_H
#define SYNCDIR_PARTS_H

#include <stdbool.h>

/* Whether FILE, loaded under NAME (the last component of its path), is a part of the C
 * library that this system has, or our libsyncdir-api.so.1: the same file as the one that
 * is installed, or a copy of it.  A name proves nothing: whatever else has it is judged
 * as all others are. */
bool is_installed_part(const char *name, const char *file);

#endif
