/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs whose business is to start another one. */
#ifndef SYNCDIR_STARTERS_H
#define SYNCDIR_STARTERS_H

#include <limits.h>

enum starter {
  NO_STARTER,
  STARTS_ANOTHER,       /* with its own environment */
  CLEARS_ENVIRONMENT,   /* starts another with a new environment, without LD_PRELOAD */
  KEEPS_WHAT_IS_LISTED, /* starts itself or others with the variables that it is told to keep */
  IS_ENV                /* env(1), whose arguments say what it does */
};

/* By the name of the program PATH, or of what it is a link to. */
enum starter starter_kind(const char *path);

/* What env does with the words after its name. */
struct env_command {
  enum {
    ENV_STARTS,
    ENV_PRINTS,
    ENV_CLEARS,
    ENV_SWITCHES_OFF, /* by SYNCDIR=off */
    ENV_SETS_LOADER,  /* a variable of the loader, such as LD_LIBRARY_PATH */
    ENV_UNKNOWN
  } what;
  char program[PATH_MAX]; /* what it starts, by the name that it was given */
};

/* WORDS are the arguments of env and then NULL; or NULL if they are not known. */
void read_env(const char *const *words, struct env_command *command);

/* The same for the only argument that a #! line can have. */
void read_env_line(const char *argument, struct env_command *command);

#endif
