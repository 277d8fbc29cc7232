/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether two files are the same, byte for byte. */
#include <stdio.h>
#include <string.h>

#include "copies.h"

bool same_bytes(const char *one, const char *other)
{
  FILE *first = fopen(one, "re"), *second = fopen(other, "re");
  char bytes[2][4096];
  size_t length[2];
  bool same = first && second;

  while (same) {
    length[0] = fread(bytes[0], 1, sizeof bytes[0], first);
    length[1] = fread(bytes[1], 1, sizeof bytes[1], second);
    same = length[0] == length[1] && memcmp(bytes[0], bytes[1], length[0]) == 0 && !ferror(first)
        && !ferror(second);
    if (length[0] < sizeof bytes[0])
      break;
  }
  if (first)
    fclose(first);
  if (second)
    fclose(second);
  return same;
}
