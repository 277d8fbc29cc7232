/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment that a process has now, which is a copy of the one that it was started
 * with where it has written a title over that. */
#ifndef SYNCDIR_ENVIRONMENT_H
#define SYNCDIR_ENVIRONMENT_H

#include <stdbool.h>

/* Calls TAKE with each variable of process PID; false if they cannot be read. */
bool read_environment(const char *pid, void (*take)(void *data, const char *variable), void *data);

#endif
