/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs whose business is to start another one. */
#ifndef SYNCDIR_STARTERS_H
#define SYNCDIR_STARTERS_H

#include <limits.h>

enum starter {
  NO_STARTER,
  STARTS_ANOTHER,       /* in the environment that it has */
  CLEARS_ENVIRONMENT,   /* in one of its own: LD_PRELOAD is gone */
  KEEPS_WHAT_IS_LISTED, /* itself or others, with what its configuration lists alone */
  IS_ENV                /* env(1), whose arguments say what it does */
};

/* By the name of the program PATH, or of what it is a link to. */
enum starter starter_kind(const char *path);

/* What env does with the words behind its name. */
struct env_command {
  enum {
    ENV_STARTS,
    ENV_PRINTS,
    ENV_CLEARS,
    ENV_SWITCHES_OFF, /* by SYNCDIR=off */
    ENV_SETS_LOADER,  /* a variable of the loader's, as LD_LIBRARY_PATH */
    ENV_UNKNOWN
  } what;
  char program[PATH_MAX]; /* what it starts, by the name that it was given */
};

/* WORDS are the arguments of env, with a NULL behind them; NULL: they are not known. */
void read_env(const char *const *words, struct env_command *command);

/* The same for the one argument that a #! line can have. */
void read_env_line(const char *argument, struct env_command *command);

#endif
