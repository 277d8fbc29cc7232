/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result, for programs: one document of JSON.  powercut(1) has its fields. */
#ifndef POWERCUT_JSON_REPORT_H
#define POWERCUT_JSON_REPORT_H

#include "replay.h"
#include "status.h"

/* Makes PATH a report of a run that has failed, which it is until it ends well. */
void begin_json(const char *path);

/* Adds what a replay has found; VIOLATION shows how to look at the violations in
 * KEPT, the place of the recording, or NULL. */
void add_json(const struct recording *recording, const struct results *results, const char *kept);

/* Writes it all. */
void end_json(enum status status);

#endif
