/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment that a process has now.  If it has written a title over the one that it was
 * started with, this is a copy of that. */
#ifndef SYNCDIR_ENVIRONMENT_H
#define SYNCDIR_ENVIRONMENT_H

#include <stdbool.h>

/* Calls TAKE with each variable of process PID; false if they cannot be read. */
bool read_environment(const char *pid, void (*take)(void *data, const char *variable), void *data);

#endif
