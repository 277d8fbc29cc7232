/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges the trees of an image, or lets the user's check do it. */
#include "judgement.h"
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include "user_check.h"
#include "status.h"

struct judgement open_judgement(const struct recording *recording, const char *check,
                                struct call_count *calls)
{
  struct judgement judgement = {
    .recording = recording,
    .check = check,
    .calls = calls,
    .found = calloc(recording->tree_count + 1, sizeof *judgement.found),
    .latest = calloc(recording->tree_count + 1, sizeof *judgement.latest)
  };
  if (!judgement.found || !judgement.latest)
    err(FAILED, "cannot hold the trees in memory");
  return judgement;
}

void close_judgement(struct judgement *judgement)
{
  free(judgement->found);
  free(judgement->latest);
}

uint32_t call_of(const struct recording *recording, size_t mark)
{
  while (recording->marks[mark].verb != BEGINS && recording->marks[mark].previous != NO_MARK)
    mark = recording->marks[mark].previous;
  return (uint32_t) mark;
}

static const char *promised_content(void *tree, const struct stat *status)
{
  return has_content(tree, status->st_ino) ? "" : NULL;
}

void find_trees(struct judgement *judgement, const char *top, const struct device_content *device)
{
  char path[8192];
  for (size_t i = 0; i < judgement->recording->tree_count; i++) {
    struct watched_tree *tree = &judgement->recording->trees[i];
    snprintf(path, sizeof path, "%s/%s", top, tree->folder);
    const struct view view = {
      .pattern = tree->pattern,
      .without_orphans = is_repaired_root(judgement->recording->about.without_journal, path, top),
      .attributes = tree->level == ALL,
      .content_wanted = promised_content,
      .context = tree,
      .device = device,
    };
    judgement->found[i] = read_tree(path, &view);
  }
}

void forget_trees(struct judgement *judgement)
{
  for (size_t i = 0; i < judgement->recording->tree_count; i++)
    free_tree(&judgement->found[i]);
}

void count_verdict(struct judgement *judgement, const struct outcome *outcome)
{
  __atomic_fetch_add(&judgement->calls[outcome->blamed].verdicts[outcome->verdict], 1,
                     __ATOMIC_RELAXED);
}

static bool was_written(const struct recording *recording, uint32_t start, uint32_t end)
{
  while (start < end && recording->events[start].type != WRITE_STARTS)
    start++;
  return start < end;
}

/* The worst verdict; each tree is judged by its own latest mark. */
struct outcome judge_trees(struct judgement *judgement, const struct state *state)
{
  const struct recording *recording = judgement->recording;
  struct outcome worst = { .verdict = AS_PROMISED };
  for (size_t i = 0; i < recording->tree_count; i++)
    judgement->latest[i] = NO_MARK;
  for (size_t i = 0; i < state->marks; i++)
    if (recording->marks[i].verb != FREE_TEXT)
      judgement->latest[recording->marks[i].tree] = i;
  for (size_t i = 0; i < recording->tree_count; i++) {
    struct outcome outcome;
    size_t blamed;
    if (judgement->latest[i] == NO_MARK)
      continue;
    outcome.verdict = judge(
      recording->marks, judgement->latest, i, recording->tree_count,
      was_written(recording, recording->marks[judgement->latest[i]].event, state->position),
      &judgement->found[i], &blamed, outcome.difference);
    if (outcome.verdict == AS_PROMISED)
      continue;
    outcome.blamed = call_of(recording, blamed);
    count_verdict(judgement, &outcome);
    if (outcome.verdict > worst.verdict)
      worst = outcome;
  }
  return worst;
}

struct outcome judge_by_check(struct judgement *judgement, const char *top,
                              const struct state *state)
{
  struct outcome outcome = { .blamed = call_of(judgement->recording, state->marks - 1) };
  outcome.verdict = ask_user_check(judgement->check, top, judgement->recording, state->marks,
                                   outcome.difference);
  return outcome;
}
