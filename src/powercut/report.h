/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what a replay found. */
#ifndef POWERCUT_REPORT_H
#define POWERCUT_REPORT_H

#include <stdio.h>
#include "replay.h"

/* Tells standard error of the violation that was found first, while others are
 * still looked for. */
void report_first(const struct recording *recording, const struct state *state,
                  const struct outcome *outcome);

/* Prints the counts, and the first violations with a command for each that
 * shows it; all of them are in KEPT/violations, where KEPT is the place of the
 * recording, or NULL.  CHECK is the command that judged, or NULL. */
void report(const struct recording *recording, const struct results *results, const char *kept,
            const char *check);

/* To add to FILE; ends the program with a sentence if that is impossible. */
FILE *report_open(const char *file);

/* One line a call into FILE: filesystem, the call's text, states, and the counts of its
 * verdicts half done, lost, wrong, unmountable; tabs between. */
void report_calls(const struct recording *recording, const struct results *results,
                  const char *file);

size_t count_violations(const struct recording *recording, const struct results *results);

/* Of one state, into FILE. */
void report_state(FILE *file, const struct recording *recording, const struct outcome *outcome);

/* What a mark is known by: a call that has a name by that, others by their line. */
const char *name_of_mark(const struct mark *mark);

/* A sentence about when the power was cut, and what the disk had kept; to be freed. */
char *describe_cut(const struct recording *recording, const struct state *state,
                   const struct outcome *outcome);

/* Where in FOLDER a state can be looked at, and the command that ends it. */
void report_place(const struct recording *recording, bool is_mounted, const char *folder);

#endif
