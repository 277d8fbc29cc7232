/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on each state of an image. */
#ifndef POWERCUT_JUDGEMENT_H
#define POWERCUT_JUDGEMENT_H

#include "content.h"
#include "state.h"

/* What judges the trees of one image after the other. */
struct judgement {
  const struct recording *recording;
  const char *check;
  struct call_count *calls; /* by mark, shared by all workers */
  struct tree *found;       /* by tree */
  size_t *latest;           /* by tree: its latest mark */
};

struct judgement open_judgement(const struct recording *recording, const char *check,
                                struct call_count *calls);
void close_judgement(struct judgement *judgement);

/* The mark that began the call to which MARK belongs; or, if none did, the first of
 * its tree.  That is the one to be blamed. */
uint32_t call_of(const struct recording *recording, size_t mark);

/* Reads the trees of the image that is mounted on TOP, and content from DEVICE, if not
 * NULL; forget_trees frees them. */
void find_trees(struct judgement *judgement, const char *top, const struct device_content *device);
void forget_trees(struct judgement *judgement);

/* The worst verdict on those trees, each judged by its own latest mark before STATE. */
struct outcome judge_trees(struct judgement *judgement, const struct state *state);

/* The verdict of the user's check on the image that is mounted on TOP. */
struct outcome judge_by_check(struct judgement *judgement, const char *top,
                              const struct state *state);

/* Counts OUTCOME for the call that it blames; judge_trees has counted its own. */
void count_verdict(struct judgement *judgement, const struct outcome *outcome);

#endif
