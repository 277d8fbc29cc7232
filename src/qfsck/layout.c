/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a queue is split, from what is there.
 *
 * Each split that is possible is charged one for each directory that it lacks,
 * or has too many, and one for each file, of a sample, that would lie in the
 * wrong one.  The cheapest is it. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scan.h"

enum { SAMPLE_FILES = 4096, SAMPLE_FOLDER = 32, SPLITS_TRIED = 4096, TRIED_BEYOND = 64 };

struct evidence {
  unsigned folders[SPLITS_TRIED];     /* how many directories have this number */
  unsigned long folder_count;
  unsigned highest;
  struct sample {
    uint64_t number;
    unsigned folder;
  } files[SAMPLE_FILES];
  size_t file_count;
  unsigned parents;                   /* directories that are there to be split */
  unsigned long flat, deep;           /* in todo and intd */
};

static void sample_folder(struct evidence *evidence, int parent, const char *name,
                          unsigned folder)
{
  int fd = open_folder(parent, name, O_RDONLY);
  DIR *stream = fd == -1 ? NULL : fdopendir(fd);
  struct dirent *entry;

  for (int i = 0; stream && i < SAMPLE_FOLDER && evidence->file_count < SAMPLE_FILES
                  && (entry = readdir(stream)); i++) {
    bool plain;
    uint64_t number = number_of(entry->d_name, &plain);

    if (number)
      evidence->files[evidence->file_count++] = (struct sample) { number, folder };
  }
  if (stream)
    closedir(stream);
}

static void look_into(struct evidence *evidence, int queue, enum kind kind)
{
  bool may_be_flat = kind == TODO || kind == INTD;
  int fd = open_folder(queue, rules[kind].name, O_RDONLY);
  DIR *stream = fd == -1 ? NULL : fdopendir(fd);
  struct dirent *entry;

  while (stream && (entry = readdir(stream))) {
    bool plain;
    uint64_t number = number_of(entry->d_name, &plain);

    if (entry->d_type == DT_REG)
      evidence->flat += may_be_flat && number;
    if (entry->d_type == DT_REG || (!number && strcmp(entry->d_name, "0") != 0)
        || number >= SPLITS_TRIED)
      continue;
    if (may_be_flat) {
      evidence->deep++;
    } else {
      evidence->folders[number]++;
      evidence->folder_count++;
      if (number > evidence->highest)
        evidence->highest = (unsigned) number;
      sample_folder(evidence, fd, entry->d_name, (unsigned) number);
    }
  }
  evidence->parents += stream && !may_be_flat;
  if (stream)
    closedir(stream);
}

static unsigned long cost_of(const struct evidence *evidence, unsigned split)
{
  unsigned long fitting = 0, cost = 0;

  for (unsigned i = 0; i < split; i++)
    fitting += evidence->folders[i];
  cost += split * evidence->parents - fitting;        /* lacking */
  cost += evidence->folder_count - fitting;           /* too many */
  for (size_t i = 0; i < evidence->file_count; i++)
    cost += evidence->files[i].number % split != evidence->files[i].folder;
  return cost;
}

struct layout find_layout(int queue)
{
  static const enum kind split[] = { MESS, INFO, LOCAL, REMOTE, TODO, INTD };
  struct evidence *evidence = calloc(1, sizeof *evidence);
  struct layout layout = { .split = 23 };             /* qmail's own, of an empty tree */
  unsigned long least = -1ul;
  unsigned last;

  if (!evidence)
    fail("not enough memory: %zu bytes more are needed.", sizeof *evidence);
  for (size_t i = 0; i < sizeof split / sizeof *split; i++)
    look_into(evidence, queue, split[i]);
  last = evidence->folder_count ? evidence->highest + TRIED_BEYOND : 0;
  for (unsigned i = 1; i <= last && i < SPLITS_TRIED; i++) {
    unsigned long cost = cost_of(evidence, i);

    if (cost < least) {
      least = cost;
      layout.split = i;
    }
  }
  /* Split, there are twice as many directories in todo and intd. */
  layout.big_todo = evidence->deep > evidence->flat && evidence->deep >= layout.split;
  free(evidence);
  return layout;
}
