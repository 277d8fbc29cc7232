/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mapped into a running process. */
#ifndef SYNCDIR_MAPPED_H
#define SYNCDIR_MAPPED_H

#include <limits.h>
#include <stdbool.h>

#include "loaded.h"
#include "syncdir/report.h"

struct mapping {
  unsigned long begin, end;
  unsigned device[2];
  unsigned long inode; /* 0: not of a file */
  bool executable, deleted, by_kernel;
};

/* Reads the mappings of process PID into a new array at *MAPPINGS, to be freed; 0 of them
 * if they cannot be read. */
size_t read_mappings(const char *pid, struct mapping **mappings);

/* The one that ADDRESS lies in, or NULL. */
const struct mapping *mapping_at(const struct mapping *mappings, size_t count,
                                 unsigned long address);

bool maps_same_file(const struct mapping *one, const struct mapping *other);

/* Puts into PATH where the file of OBJECT, which process PID has mapped, can be read: the
 * mapped file itself, if the kernel shows it; else its name, if that still leads to the same
 * file. */
bool find_file(const char *pid, const struct loaded *object, char path[2 * PATH_MAX]);

/* Whether all code in process PID is that of the OBJECTS which its loader lists. */
void judge_mappings(struct report *report, const char *pid, const struct loaded *objects,
                    size_t count);

#endif
