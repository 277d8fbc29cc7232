/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the calls of a batch have opened: a bit for each descriptor. */
#include "defer/origin.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include "core/durable.h"
#include "core/flush.h"

enum { DESCRIPTORS = 1024 }; /* of a higher one nothing is known */

static struct {
  uint64_t by_batch[DESCRIPTORS / 64], made[DESCRIPTORS / 64];
} opened;

static bool has(const uint64_t *set, int fd)
{
  return fd >= 0 && fd < DESCRIPTORS && (set[fd / 64] >> fd % 64 & 1);
}

static void put(uint64_t *set, int fd, bool in)
{
  if (fd < 0 || fd >= DESCRIPTORS)
    return;
  set[fd / 64] &= ~(1ULL << fd % 64);
  set[fd / 64] |= (uint64_t) in << fd % 64;
}

enum origin origin_of(int fd)
{
  return has(opened.made, fd) ? MADE : has(opened.by_batch, fd) ? OPENED : ELSEWHERE;
}

void note_opened(int fd, enum origin origin)
{
  put(opened.made, fd, origin == MADE);
  put(opened.by_batch, fd, origin == OPENED);
}

void note_closed(int fd)
{
  note_opened(fd, ELSEWHERE);
}

/* O_EXCL, or a look before the call that found nothing: only then has this call made the
 * file.  If another process may have made it, that may read what is written there. */
void note_if_new(const struct change *change)
{
  if (change->file != NONE && (!change->before || change->before->earliest == 0))
    note_opened(change->file, MADE);
}

void forget_opened(void)
{
  for (int i = 0; i < DESCRIPTORS / 64; i++)
    opened.made[i] = opened.by_batch[i] = 0;
}

#endif
