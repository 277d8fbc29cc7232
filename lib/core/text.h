/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Short texts, put together in a fixed buffer.  snprintf would not be
 * async-signal-safe. */
#ifndef SYNCDIR_TEXT_H
#define SYNCDIR_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Room for nearly every path: the buffer on the stack of a call.  A longer one goes
 * through a function of its own with PATH_MAX. */
enum { USUAL_PATH = 512 };

struct text {
  char *bytes; /* always ended by a NUL */
  size_t size; /* of the buffer, at least 1 */
  size_t length;
  bool cut; /* something did not fit and was left out */
};

/* An empty text in BYTES, which has room for SIZE. */
static inline struct text empty_text(char *bytes, size_t size)
{
  *bytes = '\0';
  return (struct text) { bytes, size, 0, false };
}

void add_bytes(struct text *text, const char *bytes, size_t length);
void add_string(struct text *text, const char *string);
void add_number(struct text *text, unsigned long long number);

/* PATH, with control characters and backslashes as \ooo. */
void add_escaped(struct text *text, const char *path);

#endif
