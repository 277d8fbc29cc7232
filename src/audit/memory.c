/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocates memory, or ends the audit. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "memory.h"
#include "status.h"

void *or_die(void *memory)
{
  if (!memory)
    die(NOT_WATCHED, "%s; what the programs do from here on was not watched", strerror(ENOMEM));
  return memory;
}

void *allocate(size_t size)
{
  return or_die(calloc(1, size));
}

char *copy_string(const char *string)
{
  return or_die(strdup(string));
}

/* Twice as large at each power of two. */
void *grow(void *array, size_t count, size_t size)
{
  if (count & (count - 1))
    return array;
  return or_die(reallocarray(array, count ? 2 * count : 1, size));
}

void remember(void **tree, void *what, int (*compare)(const void *, const void *))
{
  or_die(tsearch(what, tree, compare));
}
