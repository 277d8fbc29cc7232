/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a program on a filesystem whose device is recorded. */
#ifndef POWERCUT_RECORD_H
#define POWERCUT_RECORD_H

#include "recording.h"

/* Makes a filesystem, runs COMMAND in it, leaves the recording in FOLDER, which
 * it makes.  Ends the program with a sentence if anything fails. */
void record(const char *folder, struct about about, const char *mkfs_arguments,
            const char *command);

#endif
