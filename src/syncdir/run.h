/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command with durable directories. */
#ifndef SYNCDIR_RUN_H
#define SYNCDIR_RUN_H

#include <stdbool.h>

/* env(1)'s. */
enum { REFUSED = 125, CANNOT_EXECUTE = 126, NOT_FOUND = 127 };

struct options {
  char *only;        /* for SYNCDIR_ONLY, or NULL */
  const char *trace; /* for SYNCDIR_TRACE, or NULL */
  bool summary, force;
  bool deferred; /* SYNCDIR_MODE */
};

/* Does not return if the command is executed in place.  Otherwise the exit status. */
int run(const struct options *options, char **command);

/* The same for the file PATH, whatever the name in COMMAND. */
int run_file(const struct options *options, const char *path, char **command);

#endif
