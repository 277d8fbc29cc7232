/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trace of the launcher's own, and what it comes to. */
#ifndef SYNCDIR_SUMMARY_H
#define SYNCDIR_SUMMARY_H

#include <stdbool.h>

/* A trace in a folder that nobody else can make again once it is removed, because a process
 * that outlives the command still has its name. */
struct private_trace {
  char folder[64];
  char file[sizeof "/trace" + 64];
  int fd; /* of the file, as it was made */
};

/* False if it fails, after printing why. */
bool make_private_trace(struct private_trace *trace);

/* Prints the sums of the trace on standard error, and appends the trace to the file TO; "-"
 * is standard error, and "" no file. */
void finish_private_trace(const struct private_trace *trace, const char *to);

void remove_private_trace(const struct private_trace *trace);

#endif
