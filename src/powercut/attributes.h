/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an inode has besides its type, its mode and its bytes. */
#ifndef POWERCUT_ATTRIBUTES_H
#define POWERCUT_ATTRIBUTES_H

#include <stdio.h>

/* Between two attributes. */
#define ATTRIBUTE_END "\n"

/* Prints the owner, the time of modification, the flags and the extended attributes,
 * ACLs among them, of PATH, which may be a symlink; ATTRIBUTE_END after each.  The
 * name of one that cannot be read is followed by UNREADABLE. */
void print_attributes(FILE *text, const char *path);

#endif
