/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the calls of a batch have opened: a bit for each descriptor. */
#include "defer/origin.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <fcntl.h>

#include "core/flush.h"
#include "core/sys.h"
#include "defer/locked.h"

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

/* A new file that has never changed since it was made, and is empty: what is written
 * into it comes behind its end, whoever has made it.  If that is not the change that
 * we know of, the process may hold a lock of fcntl(2) on it, which a close lets go. */
void note_if_new(int fd)
{
  struct sys_stat st;

  if (fd != NONE && origin_of(fd) == ELSEWHERE
      && GATE(SYS_statx, fd, "", AT_EMPTY_PATH, STAT_BASIC | STAT_BORN, &st) == 0
      && S_ISREG(st.mode) && st.size == 0 && (st.mask & STAT_BORN)
      && st.born.seconds == st.changed.seconds && st.born.nanoseconds == st.changed.nanoseconds
      && !process_may_lock(fd))
    note_opened(fd, MADE);
}

void forget_opened(void)
{
  for (int i = 0; i < DESCRIPTORS / 64; i++)
    opened.made[i] = opened.by_batch[i] = 0;
}

#endif
