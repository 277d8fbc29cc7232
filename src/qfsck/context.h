/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of a check have in common. */
#ifndef QFSCK_CONTEXT_H
#define QFSCK_CONTEXT_H

#include "plan.h"
#include "report.h"
#include "scan.h"

struct check {
  const struct queue *queue;
  struct report *report;
  struct plan plan;
  struct scan scan;
};

#endif
