/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The installed library: how it is preloaded, and whether it then answers. */
#ifndef SYNCDIR_LIBRARY_H
#define SYNCDIR_LIBRARY_H

#include <stdbool.h>

#include "elf/object.h"
#include "report.h"

#define REINSTALL "install syncdir again"

struct library {
  struct object object;
  char loader[PATH_MAX]; /* of the C library that it was linked with */
};

/* Whether both paths lead to one file. */
bool same_file(const char *one, const char *other);

/* Finds out about the library as it is installed.  False if it cannot be used. */
bool examine_library(struct report *report, struct library *library);

/* The name of the library's file. */
const char *bare_name(void);

/* The new value of LD_PRELOAD: the present one, and the library last, unless its absolute
 * path is already there.  SECURE: by its bare name, the only form that counts in set-id
 * programs.  Valid until the next call; NULL if there is no memory. */
const char *preload_value(bool secure);

/* Starts the probe with that LD_PRELOAD, and finds out whether the library answered
 * it.  SECURE: whether it would in a set-id program. */
void shake_hands(struct report *report, const struct library *library, bool secure);

/* Finds out about what is preloaded after the library. */
void examine_order(struct report *report);

#endif
