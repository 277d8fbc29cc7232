/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow, and searches in sorted ones. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "say.h"

void *grow(void *array, size_t count, size_t size)
{
  void *grown = reallocarray(array, count, size);

  if (!grown)
    fail("not enough memory: %zu bytes more are needed.", count * size);
  return grown;
}

char *copy_of(const char *text)
{
  return strcpy(grow(NULL, strlen(text) + 1, 1), text);
}

void *with_room(void *array, size_t count, size_t *room, size_t size)
{
  if (count < *room)
    return array;
  *room += *room / 4 + 64;
  return grow(array, *room, size);
}

size_t lower_bound(const void *key, const void *array, size_t count, size_t size,
                   comparison *compare)
{
  size_t low = 0, high = count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;

    if (compare((const char *) array + middle * size, key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}
