/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a tree is what was promised, and what differs in it. */
#ifndef POWERCUT_COMPARE_H
#define POWERCUT_COMPARE_H

#include "tree.h"

#define DIFFERENCE_SIZE 256

/* Whether FOUND, a content or attributes, is what was PROMISED; "" promises nothing. */
bool is_kept(const char *promised, const char *found);

/* Whether content and attributes of a name are kept. */
bool content_agrees(const struct name *promised, const struct name *found);

/* Whether all of a name, or of each name of a tree, is as promised. */
bool entries_agree(const struct name *promised, const struct name *found);
bool trees_agree(const struct tree *promised, const struct tree *found);

/* The same, but nothing is promised of contents and attributes that have changed by
 * NEXT, a later tree of the same names. */
bool trees_agree_until(const struct tree *promised, const struct tree *next,
                       const struct tree *found);

/* Writes to DIFFERENCE, which has room for DIFFERENCE_SIZE bytes, the most telling
 * difference: a name that is gone, one too many, or the first that differs. */
void describe_difference(const struct tree *promised, const struct tree *found, char *difference);

#endif
