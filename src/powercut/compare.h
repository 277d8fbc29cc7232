/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a tree is what was promised, and what differs in it. */
#ifndef POWERCUT_COMPARE_H
#define POWERCUT_COMPARE_H

#include "tree.h"

#define DIFFERENCE_SIZE 256

/* Of a content or of attributes: they are promised only where they are told. */
bool is_kept(const char *promised, const char *found);

/* Of both. */
bool content_agrees(const struct name *promised, const struct name *found);

/* Of all that a name is. */
bool entries_agree(const struct name *promised, const struct name *found);
bool trees_agree(const struct tree *promised, const struct tree *found);

/* The same, but for content and attributes that are others, or promised no more, in
 * NEXT, a tree of the same names. */
bool trees_agree_until(const struct tree *promised, const struct tree *next,
                       const struct tree *found);

/* Tells in DIFFERENCE, of DIFFERENCE_SIZE bytes, what tells most: a name that is gone, one
 * too many, the first that is another. */
void describe_difference(const struct tree *promised, const struct tree *found, char *difference);

#endif
