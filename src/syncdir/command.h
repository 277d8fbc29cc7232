/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the name of a command to the program that the kernel starts for it. */
#ifndef SYNCDIR_COMMAND_H
#define SYNCDIR_COMMAND_H

#include <limits.h>
#include <stdbool.h>

/* Finds NAME as execvp(3) would.  True, and the file to execute in PATH; or false,
 * and errno as execvp sets it. */
bool find_command(const char *name, char path[PATH_MAX]);

enum start { IS_BINARY, CANNOT_READ, NO_INTERPRETER, UNKNOWN_FORMAT };

/* Follows the #! lines that begin with PATH.  PROGRAM is where they end: the
 * binary, or the file that is the trouble; errno with CANNOT_READ and
 * NO_INTERPRETER. */
enum start follow_scripts(const char *path, char program[PATH_MAX]);

#endif
