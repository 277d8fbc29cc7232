/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --map FILE: which number became which, so that old log files can be read. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <syncdir.h>
#include <unistd.h>

#include "journal.h"
#include "map.h"

static struct renumbered {
  uint64_t old, new;
} *all;
static size_t count, room;

static void remember(const struct queue *queue, const struct step *step, unsigned long position,
                     void *more)
{
  (void) queue;
  (void) position;
  (void) more;
  if (step->verb != NUMBER)
    return;
  if (count == room) {
    room = 2 * room + 64;
    all = grow(all, room, sizeof *all);
  }
  all[count++] = (struct renumbered) { .old = step->size, .new = step->inode };
}

void write_map(const struct queue *queue, const char *file)
{
  char temporary[PATH_MAX];
  FILE *map;

  if (!file)
    return;
  for_each_step(queue, remember, NULL);
  if (count == 0 && access(file, F_OK) == 0)
    return;
  snprintf(temporary, sizeof temporary, "%s.tmp", file);
  map = fopen(temporary, "we");
  if (!map)
    cannot("write", temporary);
  for (size_t i = 0; i < count; i++)
    fprintf(map, "%" PRIu64 "\t%" PRIu64 "\n", all[i].old, all[i].new);
  if (fflush(map) == EOF || fsync(fileno(map)) == -1 || fclose(map) == EOF
      || syncdir_rename(temporary, file) == -1)
    cannot("write", file);
}
