/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the live trees are like at each mark, and whether the marks are in order. */
#ifndef POWERCUT_WITNESS_H
#define POWERCUT_WITNESS_H

#include "recording.h"

/* A mark's text; the same bound stands in the manual. */
#define LINE_SIZE 4096

/* TREES: where the filesystem under test is mounted. */
void start_witness(const char *trees, const struct about *about);

/* Looks at the tree of the mark LINE; SEEN stays as it is for free text, and is the
 * witness's otherwise.  False, after the reason was told, if the mark is out of order. */
bool witness_mark(const char *line, struct tree *seen);

/* Tells that the mark LINE is out of order. */
void refuse_mark(const char *line, const char *fault);

/* After the run: false if a tree is not as its last mark has left it.  The text of NOTES
 * is what cannot be judged, a string for each. */
bool witness_end(struct tree *notes);

/* A tree in which a call has not returned, or NULL. */
const char *find_unfinished_tree(void);

#endif
