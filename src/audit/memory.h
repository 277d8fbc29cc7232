/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is there, or else the audit ends: what it would not see from then on could
 * be anything. */
#ifndef SYNCDIR_AUDIT_MEMORY_H
#define SYNCDIR_AUDIT_MEMORY_H

#include <stddef.h>

/* MEMORY, unless it is NULL. */
void *or_die(void *memory);

/* calloc(3) and strdup(3). */
void *allocate(size_t size);
char *copy_string(const char *string);

/* Room for one more in an array of COUNT elements, which has only grown so far. */
void *grow(void *array, size_t count, size_t size);

/* tsearch(3) of what is not in TREE. */
void remember(void **tree, void *what, int (*compare)(const void *, const void *));

#endif
