/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a queue is split, from what is there.
 *
 * Directories and files are two kinds of evidence.  The directories count if one of them is
 * empty, for then no backup has left out the empty ones.  Each possible split costs one for
 * each directory that is missing or too many, and one for each file, of a sample, that would
 * lie in the wrong directory; the cheapest split wins.  The files count if only one split
 * puts them where they are.  If neither is clear, or one contradicts the other, the answer
 * is a guess. */
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "listing.h"

enum {
  SAMPLE_FILES = 4096,
  SAMPLE_FOLDER = 32,
  WITNESSES = 256,
  TRIED_BEYOND = 64,
  MANY_FILES = 16
};

struct evidence {
  unsigned char folders[SPLIT_MAX]; /* how many directories have this number */
  unsigned long folder_count, empty;
  unsigned highest;
  struct sample {
    uint64_t number;
    unsigned folder;
  } files[SAMPLE_FILES];
  size_t file_count;
  unsigned parents; /* directories that are there to be split */
  unsigned todo_parents;
  unsigned long flat, deep, deep_files; /* in todo and intd */
};

/* FILES: whether the files in it are part of the sample. */
static void sample_folder(struct evidence *evidence, int queue, const char *path, unsigned folder,
                          bool files)
{
  struct listing names = list_folder(queue, path);
  bool is_there = names.stream;
  struct dirent *entry;
  int seen = 0;

  while (seen < SAMPLE_FOLDER && (entry = next_name(&names))) {
    bool plain;
    uint64_t number = number_of(entry->d_name, &plain);

    seen++;
    if (number && !files)
      evidence->deep_files++;
    else if (number && evidence->file_count < SAMPLE_FILES)
      evidence->files[evidence->file_count++] = (struct sample) { number, folder };
  }
  evidence->empty += files && is_there && seen == 0;
  end_listing(&names);
}

static void look_into(struct evidence *evidence, int queue, enum kind kind)
{
  bool may_be_flat = kind == TODO || kind == INTD;
  struct listing names = list_folder(queue, rules[kind].name);
  bool is_there = names.stream;
  char path[PATH_BYTES];

  for (struct dirent *entry; (entry = next_name(&names));) {
    bool plain;
    uint64_t number = number_of(entry->d_name, &plain);

    if (entry->d_type == DT_REG)
      evidence->flat += may_be_flat && number;
    if (entry->d_type == DT_REG || (!number && strcmp(entry->d_name, "0") != 0)
        || number >= SPLIT_MAX)
      continue;
    if (may_be_flat) {
      evidence->deep++;
    } else {
      evidence->folders[number]++;
      evidence->folder_count++;
      if (number > evidence->highest)
        evidence->highest = (unsigned) number;
    }
    snprintf(path, sizeof path, "%s/%s", rules[kind].name, entry->d_name);
    sample_folder(evidence, queue, path, (unsigned) number, !may_be_flat);
  }
  evidence->parents += is_there && !may_be_flat;
  evidence->todo_parents += is_there && may_be_flat;
}

/* How many files, looking at one in STRIDE, SPLIT would have elsewhere.  It may stop
 * counting at ENOUGH. */
static unsigned long misplaced_by(const struct evidence *evidence, unsigned split, size_t stride,
                                  unsigned long enough)
{
  unsigned long misplaced = 0;

  for (size_t i = 0; i < evidence->file_count && misplaced < enough; i += stride)
    misplaced += evidence->files[i].number % split != evidence->files[i].folder;
  return misplaced;
}

/* The split that the directories show, or 0.  More than half of its directories are there,
 * fewer than a third of all are too many, and most files lie in the right ones. */
static unsigned split_by_folders(const struct evidence *evidence)
{
  unsigned long least = -1ul, fitting = 0;
  unsigned split = 0, last = evidence->folder_count ? evidence->highest + TRIED_BEYOND : 0;
  bool is_clear = false;

  for (unsigned i = 1; i <= last && i < SPLIT_MAX; i++) {
    unsigned long lacking, spare, cost, misplaced;

    fitting += evidence->folders[i - 1];
    lacking = (unsigned long) i * evidence->parents - fitting;
    spare = evidence->folder_count - fitting;
    cost = lacking + spare;
    if (cost >= least)
      continue;
    misplaced = misplaced_by(evidence, i, 1, least - cost);
    cost += misplaced;
    if (cost >= least)
      continue;
    least = cost;
    split = i;
    is_clear = 2 * lacking < (unsigned long) i * evidence->parents && 2 * spare < fitting
            && 2 * misplaced <= evidence->file_count;
  }
  return is_clear ? split : 0;
}

/* The split that has the most files in the right place, or 0; *SURE if all others have far
 * fewer. */
static unsigned split_by_files(const struct evidence *evidence, bool *sure)
{
  size_t stride = evidence->file_count / WITNESSES + 1;
  unsigned long count = (evidence->file_count + stride - 1) / stride;
  unsigned long least = count, second = count;
  unsigned split = 0;

  for (unsigned i = 1; i < SPLIT_MAX && second > 0; i++) {
    unsigned long misplaced = misplaced_by(evidence, i, stride, second);

    if (misplaced < least) {
      second = least;
      least = misplaced;
      split = i;
    } else if (misplaced < second) {
      second = misplaced;
    }
  }
  *sure = split && second >= (least ? 3 * least + count / 8 : 1);
  return split;
}

/* If many directories do not belong to SPLIT, they are those of another qmail. */
static bool has_few_spare(const struct evidence *evidence, unsigned split)
{
  unsigned long fitting = 0;

  for (unsigned i = 0; i < split; i++)
    fitting += evidence->folders[i];
  return 2 * (evidence->folder_count - fitting) < fitting;
}

/* Asked if there are empty directories: then missing ones are evidence against SPLIT. */
static bool lacks_many(const struct evidence *evidence, unsigned split)
{
  unsigned long fitting = 0, all = (unsigned long) split * evidence->parents;

  for (unsigned i = 0; i < split; i++)
    fitting += evidence->folders[i];
  return 2 * (all - fitting) >= all;
}

struct guess find_layout(int queue)
{
  static const enum kind kinds[] = { MESS, INFO, LOCAL, REMOTE, TODO, INTD };
  struct evidence *evidence = calloc(1, sizeof *evidence);
  struct guess guess = { .layout.split = 23 }; /* qmail's own, for an empty tree */
  unsigned by_folders, by_files;
  bool files_are_sure, is_clear;

  if (!evidence)
    fail("not enough memory: %zu bytes more are needed.", sizeof *evidence);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    look_into(evidence, queue, kinds[i]);
  by_folders = split_by_folders(evidence);
  by_files = split_by_files(evidence, &files_are_sure);
  if (by_folders && (evidence->empty || !by_files || by_folders == by_files))
    guess.layout.split = by_folders;
  else if (by_files)
    guess.layout.split = by_files;
  is_clear = guess.layout.split == by_folders && evidence->empty;
  /* A few files that lie in the wrong place may all fit one more split by chance. */
  guess.is_sure = files_are_sure ? guess.layout.split == by_files
                                     && (evidence->file_count >= MANY_FILES || !evidence->empty
                                         || !lacks_many(evidence, by_files))
                                 : is_clear;
  /* Split, there are twice as many directories in todo and intd. */
  guess.layout.big_todo = evidence->deep_files > evidence->flat
                       || (evidence->deep > evidence->flat && evidence->deep >= guess.layout.split);
  guess.is_sure = guess.is_sure && evidence->todo_parents
               && has_few_spare(evidence, guess.layout.split)
               && (guess.layout.big_todo ? evidence->deep >= guess.layout.split
                                         : !evidence->deep_files || evidence->flat);
  free(evidence);
  return guess;
}
