/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line. */
#ifndef POWERCUT_OPTIONS_H
#define POWERCUT_OPTIONS_H

#include "filesystem.h"
#include "replay.h"

#define KINDS 16

struct options {
  const struct filesystem *filesystems[KINDS]; /* the last is NULL */
  const char *mkfs, *mount, *run, *keep, *report, *json;
  const char *replay, *look; /* a recording */
  uint32_t position, choice;
  uint64_t size; /* 0: the filesystem's own */
  uint64_t seed;
  uint32_t choices;
  bool concurrent;
  struct cuts cuts;
};

/* Wrong usage ends the program with a sentence and status 2. */
struct options read_options(int count, char **arguments);

#endif
