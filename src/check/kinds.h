/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of each filesystem. */
#ifndef SYNCDIR_KINDS_H
#define SYNCDIR_KINDS_H

#include "syncdir/report.h"

struct kind {
  const char *type; /* the name that mountinfo has for it */
  enum verdict verdict;
  const char *why;
};

/* NULL if nothing is known of it. */
const struct kind *kind_of(const char *type);

#endif
