/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that is waited for as if it had been executed in place. */
#ifndef SYNCDIR_CHILD_H
#define SYNCDIR_CHILD_H

#include <sys/types.h>

/* fork(2).  The child has the signals as we found them; we have them blocked. */
pid_t start_child(void);

/* Passes on every signal that another process sends us, stops and goes on with the
 * child, and returns the status of its end: waitpid(2).  Once, after start_child. */
int wait_for_child(pid_t child);

/* The exit status for STATUS; by a signal, if the child ended by one. */
int end_like(int status);

#endif
