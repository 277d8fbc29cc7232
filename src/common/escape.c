/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that comes from others, made fit for a line and a terminal. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/escape.h"

/* How many bytes a character has that begins with FIRST, by RFC 3629; 0 if none does. */
static int length_by(unsigned char first)
{
  return first < 0x80 ? 1
       : first < 0xc2 ? 0
       : first < 0xe0 ? 2
       : first < 0xf0 ? 3
       : first < 0xf5 ? 4
                      : 0;
}

/* Whether it affects more of a line than its own place: C0, C1, ends of lines, changes of
 * direction (UAX #9); and the backslash, which begins our escapes. */
static bool is_harmful(uint32_t character)
{
  return character < ' ' || character == '\\' || (character >= 0x7f && character < 0xa0)
      || character == 0x061c || character == 0x200e || character == 0x200f
      || (character >= 0x2028 && character <= 0x202e)
      || (character >= 0x2066 && character <= 0x2069) || character == 0xfeff;
}

int printable_length(const char *text)
{
  static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
  int length = length_by(text[0]);
  uint32_t character = length < 2 ? (unsigned char) text[0] : text[0] & 0x7f >> length;

  for (int i = 1; i < length; i++) {
    if ((text[i] & 0xc0) != 0x80)
      return 0;
    character = character << 6 | (text[i] & 0x3f);
  }
  if (length == 0 || character < least[length] || character > 0x10ffff
      || (character >= 0xd800 && character < 0xe000))
    return 0;
  return is_harmful(character) ? 0 : length;
}

char *escape(const char *text)
{
  char *escaped = malloc(4 * strlen(text) + 1), *end = escaped;

  while (escaped && *text) {
    int length = printable_length(text);
    unsigned char c = *text;

    if (length > 0) {
      end = mempcpy(end, text, length);
      text += length;
      continue;
    }
    *end++ = '\\';
    *end++ = (char) ('0' + (c >> 6));
    *end++ = (char) ('0' + (c >> 3 & 7));
    *end++ = (char) ('0' + (c & 7));
    text++;
  }
  if (escaped)
    *end = '\0';
  return escaped;
}
