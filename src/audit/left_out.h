/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes that the report leaves out, because nobody misses those names. */
#ifndef SYNCDIR_AUDIT_LEFT_OUT_H
#define SYNCDIR_AUDIT_LEFT_OUT_H

#include "model.h"

enum reason {
  JUDGED,
  ELSEWHERE,
  IGNORED,
  LOCK,
  SOCKET,
  TEMPORARY,
  PLACE_FOR_TEMPORARIES,
  CACHE,
  LOG,
  MAPPED,
  IN_MEMORY,
  REASONS
};

struct selection {
  char **directories; /* of -o, canonical; only below them is anything judged */
  size_t directory_count;
  char **patterns; /* of --ignore: fnmatch(3) of the path, or of its last name */
  size_t pattern_count;
  bool all;    /* leave out only what -o and --ignore say */
  char *start; /* where the audit was started */
};

/* Why CHANGE is left out; JUDGED if it is not. */
enum reason why_left_out(const struct change *change, const struct selection *selection);

/* What the reason is called, after a number. */
extern const char *const reason_names[REASONS];

#endif
