/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trace of the launcher's own, and what it comes to. */
#ifndef SYNCDIR_SUMMARY_H
#define SYNCDIR_SUMMARY_H

#include <stdbool.h>

/* In a folder that nobody else can make again once it is removed: a process that outlives
 * the command still has its name. */
struct private_trace {
  char folder[64];
  char file[sizeof "/trace" + 64];
  int fd; /* of the file, as it was made */
};

/* Both say what is wrong. */
bool make_private_trace(struct private_trace *trace);

/* Prints the sums of the trace on standard error, and appends it to the file TO, or
 * to standard error for "-"; "": to none. */
void finish_private_trace(const struct private_trace *trace, const char *to);

void remove_private_trace(const struct private_trace *trace);

#endif
