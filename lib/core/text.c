/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Short texts, put together in a fixed buffer. */
#include <string.h>

#include "core/text.h"

void add_bytes(struct text *text, const char *bytes, size_t length)
{
  if (length >= text->size - text->length) {
    text->cut = true;
    return;
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = '\0';
}

void add_string(struct text *text, const char *string)
{
  add_bytes(text, string, strlen(string));
}

void add_number(struct text *text, unsigned long long number)
{
  char digits[20]; /* 2^64 has 20 */
  size_t first = sizeof digits;

  do
    digits[--first] = '0' + number % 10;
  while (number /= 10);
  add_bytes(text, digits + first, sizeof digits - first);
}

void add_escaped(struct text *text, const char *path)
{
  for (; *path && !text->cut; path++) {
    unsigned char c = *path;
    char escape[] = { '\\', '0' + (c >> 6), '0' + (c >> 3 & 7), '0' + (c & 7) };

    if (c < ' ' || c == '\\' || c == 0177)
      add_bytes(text, escape, sizeof escape);
    else
      add_bytes(text, path, 1);
  }
}
