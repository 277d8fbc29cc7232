/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the name of a command to the program that the kernel starts for it. */
#ifndef SYNCDIR_COMMAND_H
#define SYNCDIR_COMMAND_H

#include <limits.h>
#include <stdbool.h>

/* Finds NAME as execvp(3) would.  True, and the file to execute in PATH; or false,
 * and errno as execvp sets it. */
bool find_command(const char *name, char path[PATH_MAX]);

/* Whether this process was started as NAME, which leads to a link to our program: a
 * link, and not a copy that the administrator has renamed. */
bool is_link_to_us(const char *name);

/* Finds NAME in the search path, and skips links to our own program. */
bool find_namesake(const char *name, char path[PATH_MAX]);

enum start {
  IS_BINARY,
  CANNOT_READ,    /* and errno */
  NO_INTERPRETER, /* and errno: PROGRAM, of the script FROM, cannot be executed */
  UNKNOWN_FORMAT,
  ENVIRONMENT_CLEARED, /* by the env PROGRAM, which FROM or the command runs */
  SWITCHED_OFF,        /* by its SYNCDIR=off */
  LOADER_TOLD,         /* it sets variables of the loader */
  ENV_NOT_READ         /* what that env does is not known */
};

struct started {
  enum start how;
  char program[PATH_MAX]; /* the binary, or the file that is the problem */
  char from[PATH_MAX];    /* the file that names it; "" for the command itself */
  bool script;            /* it is the interpreter of a script */
  bool env;               /* it is started by env */
};

/* Follows #! lines, and env, from the file PATH to the program that runs in the end.
 * WORDS are the arguments after the command's name, NULL if they are not known. */
void find_started(const char *path, const char *const *words, struct started *started);

#endif
