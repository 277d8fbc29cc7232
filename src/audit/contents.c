/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in the files, and which change answers for the bytes that nobody has flushed: that
 * of the file's name, as long as nobody was told of it; else the first of the writes. */
#include <stdlib.h>

#include "contents.h"
#include "knowers.h"
#include "memory.h"

/* knowers.c frees it. */
void drop_write(struct file *file)
{
  if (file->rewrite && is_open(file->rewrite))
    file->rewrite->superseded = true;
  file->rewrite = NULL;
}

void speak_for_bytes(struct change *change)
{
  drop_write(change->file);
  change->file->named = change;
}

/* The change that answers for what is written into FILE now; NULL if there is none yet. */
static struct change *answers_for(const struct file *file, bool mapped)
{
  struct change *named = file->named, *rewrite = file->rewrite;

  if (named && (is_open(named) || (named->told.bytes && file->written)))
    return named;
  /* Of a mapping it is not known whether anything is written at all. */
  return rewrite && rewrite->mapped && !mapped ? NULL : rewrite;
}

bool file_written(struct file *file, const struct process *by, pid_t thread, bool mapped)
{
  struct change *change = answers_for(file, mapped);

  file->written = now();
  if (change && is_open(change)) {
    change->thread = thread;
    if (!knows(by, change))
      learn(change, by);
  }
  return change || file->given || file->filesystem->in_memory;
}

void add_write(const struct change *draft)
{
  struct change *change = allocate(sizeof *change);

  *change = *draft;
  change->when = now();
  drop_write(change->file);
  change->file->rewrite = change;
  keep_to_tell(change);
}

void bytes_flushed(struct file *file, moment began)
{
  struct change *rewrite = file->rewrite, *named = file->named;

  if (file->written >= began)
    return;
  file->written = 0;
  if (named && named->told.bytes && !named->bytes_durable)
    named->bytes_durable = now();
  if (rewrite && rewrite->told.when)
    rewrite->durable = now();
  else if (rewrite && rewrite->perhaps.when)
    close_change(rewrite);
  drop_write(file);
}
