/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges what was left of a tree by what had been promised of it. */
#ifndef POWERCUT_ORACLE_H
#define POWERCUT_ORACLE_H

#include "compare.h"
#include "recording.h"

/* In the order of their gravity. */
enum verdict {
  AS_PROMISED, /* as after the last call that returned, or after the one under way */
  HALF_DONE,   /* of the call under way: neither before nor after it */
  LOST,        /* an older state: a call that had returned is undone */
  WRONG,       /* a state that never was */
  UNMOUNTABLE
};
#define VERDICTS 5

extern const char *const verdict_names[VERDICTS];

/* Whether VERDICT breaks the promise on the filesystem that ABOUT tells of. */
bool is_violation(const struct about *about, enum verdict verdict);

/* Judges FOUND, what was left of TREE, one of TREE_COUNT trees, after a cut.
 * MARKS[LATEST[i]] is the latest mark of tree i before the cut, NO_MARK if it has
 * none yet; WAS_WRITTEN, whether anything was written to the device between that of the
 * tree and the cut.  *BLAMED becomes the mark that began the call of which the verdict is.
 * DIFFERENCE gets a sentence about the first name that differs. */
enum verdict judge(const struct mark *marks, const size_t *latest, size_t tree, size_t tree_count,
                   bool was_written, const struct tree *found, size_t *blamed, char *difference);

#endif
