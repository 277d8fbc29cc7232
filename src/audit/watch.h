/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tracer: goes from stop to stop of a process and of all that it starts. */
#ifndef SYNCDIR_AUDIT_WATCH_H
#define SYNCDIR_AUDIT_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

/* Takes hold of the process, which must not have started its command yet.  False, and
 * errno, if the kernel does not allow that. */
bool seize(pid_t root);

/* Watches until all that ROOT is and has started has ended, or END_WATCH is sent to us.
 * True if ROOT got as far as to execute a command. */
bool watch(pid_t root);

/* How ROOT has ended, as waitpid(2) gives it; -1 if it runs. */
int root_status(void);

/* Lets what still runs go on.  It has our filter to its end, and each call that the filter
 * stops would fail with ENOSYS if there were no tracer: so this returns only when all have
 * ended. */
void see_off(void);

/* The signal that asks for the report. */
enum { END_WATCH = 15 };

#endif
