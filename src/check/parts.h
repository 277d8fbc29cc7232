/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that need not be judged: the parts of the C library, and of our own. */
#ifndef SYNCDIR_PARTS_H
#define SYNCDIR_PARTS_H

#include <stdbool.h>

/* Whether FILE, loaded under NAME (the last component of its path), is a part of the C
 * library of this system, or our libsyncdir-api.so.1: the same file as the installed one, or
 * a copy of it.  A name proves nothing: any other file of that name is judged like all
 * others. */
bool is_installed_part(const char *name, const char *file);

#endif
