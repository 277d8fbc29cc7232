/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command with durable directories. */
#ifndef SYNCDIR_RUN_H
#define SYNCDIR_RUN_H

#include <stdbool.h>

/* Exit statuses, as env(1) has them. */
enum { REFUSED = 125, CANNOT_EXECUTE = 126, NOT_FOUND = 127 };

struct options {
  char *only;        /* the value for SYNCDIR_ONLY, or NULL */
  const char *trace; /* the value for SYNCDIR_TRACE, or NULL */
  bool summary, force;
  bool deferred; /* SYNCDIR_MODE */
};

/* Does not return if the command is executed in place.  Otherwise returns the exit status. */
int run(const struct options *options, char **command);

/* The same for the file PATH, whatever the name in COMMAND. */
int run_file(const struct options *options, const char *path, char **command);

#endif
