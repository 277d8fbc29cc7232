/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that comes from others (names of files and processes, what a program said),
 * made fit for a line and a terminal. */
#ifndef SYNCDIR_ESCAPE_H
#define SYNCDIR_ESCAPE_H

/* TEXT with \ooo, as in a trace, for each byte that would break a line or move a terminal's
 * cursor: control characters, DEL, the backslash, what is not UTF-8, and the characters of
 * Unicode that end a line or change its direction.  To be freed; NULL if there is no
 * memory. */
char *escape(const char *text);

/* The number of bytes of the first character of TEXT, if it is UTF-8 and can be printed
 * safely; else 0. */
int printable_length(const char *text);

#endif
