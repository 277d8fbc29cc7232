/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the audit says at its end. */
#ifndef SYNCDIR_AUDIT_REPORT_H
#define SYNCDIR_AUDIT_REPORT_H

#include <stdio.h>

#include "finding.h"
#include "left_out.h"

/* Findings of one fault, made at one place of a program by one call. */
struct group {
  enum fault fault;
  char *place; /* ", in save() at save.c:13"; empty if it is not known */
  size_t count;
  const struct change **findings;
};

struct report {
  struct group *groups; /* the worst first */
  size_t group_count, finding_count;
  size_t left_out[REASONS];
  int command_status; /* waitpid(2)'s; -1: it runs */
  bool all;
};

/* Looks through all changes. */
void make_report(struct report *report, const struct selection *selection, int command_status);

void print_report(FILE *file, const struct report *report);
void print_json_report(FILE *file, const struct report *report);

/* The exit status that goes with it. */
int status_of(const struct report *report);

#endif
