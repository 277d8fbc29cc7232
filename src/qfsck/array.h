/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow, and searches in sorted ones. */
#ifndef QFSCK_ARRAY_H
#define QFSCK_ARRAY_H

#include <stddef.h>

/* These end the program if there is no memory; nothing has been changed by then. */
void *grow(void *array, size_t count, size_t size);
char *copy_of(const char *text);

/* Room for one more element of SIZE bytes after the COUNT that are there. */
void *with_room(void *array, size_t count, size_t *room, size_t size);

typedef int comparison(const void *one, const void *other);

/* The first of the sorted COUNT elements that is not below KEY; COUNT if all are. */
size_t lower_bound(const void *key, const void *array, size_t count, size_t size,
                   comparison *compare);

#endif
