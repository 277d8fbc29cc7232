/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of the demo: each number has its own text and envelope. */
#ifndef DEMO_MESSAGE_H
#define DEMO_MESSAGE_H

#include <stddef.h>

/* More than the longest message, and less than a pipe holds. */
enum { MESSAGE_MAX = 8192, ENVELOPE_MAX = 256 };

/* Both write into a buffer of that size, and return the length. */
size_t message_text(char *text, int number);
size_t message_envelope(char *envelope, int number);

/* The number that TEXT carries, or 0. */
int message_number(const char *text);

#endif
