/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc shows of a process by itself. */
#ifndef SYNCDIR_PROC_H
#define SYNCDIR_PROC_H

#include <stdbool.h>
#include <stdio.h>

/* Opens /proc/PID/NAME; NULL and errno. */
FILE *open_proc(const char *pid, const char *name);

/* The value after KEY in /proc/PID/status, "" if it is not there. */
void read_status(const char *pid, const char *key, char *value, size_t size);

/* Puts "PID (NAME)" into NAME; false if there is no such process. */
bool name_process(const char *pid, char *name, size_t size);

/* Whether it is a zombie. */
bool has_ended(const char *pid);

/* Whether the kernel started it in secure mode, as a set-id program. */
bool runs_in_secure_mode(const char *pid);

/* Whether its program has the word size of ours; false as well if it cannot be read. */
bool is_of_our_class(const char *pid);

#endif
