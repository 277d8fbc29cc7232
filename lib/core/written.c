/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last few files of which this process knows that their bytes are written.
 *
 * A file is the same as before if its ctime is: every write, truncation and first
 * store through a mapping sets it, and no program can set it back.  That is so only
 * where two changes never have one ctime.  Linux 6.13 made it so, on some
 * filesystems: once somebody has asked for a ctime, the next change takes a finer
 * one ("multigrain timestamps").  Elsewhere a change may hide in the tick in which
 * the file was remembered, and nothing is.
 *
 * What is remembered is true of the inode, whoever asks, so that the child of fork or
 * vfork may go on with it.  An inode number that is used again comes with a later
 * ctime: the removal of the old file took a fine one, and the kernel hands out none
 * before it any more. */
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/utsname.h>

#include "core/written.h"

/* A filesystem whose timestamps are fine, by the unique number of its mount. */
static _Atomic unsigned long fine_mount;

/* statmount(2), Linux 6.8: its structures, as far as they are needed. */
struct mount_request {
  uint32_t size, spare;
  uint64_t mount, asked;
};

struct mount_answer {
  uint32_t size, options;
  uint64_t mask;
  uint32_t major, minor;
  uint64_t magic;
  uint32_t flags, type; /* where in STRINGS its name begins */
  uint64_t rest[59];
  char strings[64];
};

_Static_assert(offsetof(struct mount_answer, strings) == 512, "the kernel's struct statmount");

enum { ASK_FOR_TYPE = 0x20 };

static int number(const char **text)
{
  int n = 0;

  for (; **text >= '0' && **text <= '9' && n < 10000; ++*text)
    n = 10 * n + (**text - '0');
  return n;
}

static bool is_linux_6_13(void)
{
  struct utsname system;
  const char *text = system.release;
  int major, minor;

  if (sys_uname(&system) == -1)
    return false;
  major = number(&text);
  minor = *text++ == '.' ? number(&text) : 0;
  return major > 6 || (major == 6 && minor >= 13);
}

/* By the name of its driver: ext3 is ext4's, but without fine timestamps. */
static bool is_fine(uint64_t mount)
{
  const struct mount_request request = { sizeof request, 0, mount, ASK_FOR_TYPE };
  struct mount_answer answer;
  const char *type;

  if (!is_linux_6_13() || sys_statmount(&request, &answer, sizeof answer) == -1
      || !(answer.mask & ASK_FOR_TYPE) || answer.type >= sizeof answer.strings)
    return false;
  type = answer.strings + answer.type;
  return strcmp(type, "ext4") == 0 || strcmp(type, "xfs") == 0 || strcmp(type, "btrfs") == 0;
}

static bool has_fine_timestamps(uint64_t mount)
{
  unsigned long number = mount;

  if (number != mount)
    return false;
  if (number == fine_mount)
    return true;
  if (!is_fine(mount))
    return false;
  fine_mount = number;
  return true;
}

/* The state of a file: mount, inode, size, and the two halves of its ctime.  Words
 * that every machine reads and writes at once. */
enum { WORDS = 10 };

struct state {
  uint32_t words[WORDS];
};

static struct state state_of(const struct sys_stat *st)
{
  const uint64_t parts[] = { st->mount, st->inode, st->size, st->changed.seconds,
                             st->changed.nanoseconds };
  struct state state;

  _Static_assert(sizeof parts == sizeof state, "all of it");
  memcpy(&state, parts, sizeof state);
  return state;
}

/* TURN is odd while somebody writes, and another one afterwards.  No lock: who finds
 * it odd goes on without, and where a thread or process ended in the middle the place
 * is lost, no more. */
static struct place {
  atomic_uint turn;
  _Atomic uint32_t words[WORDS];
} places[8];

static atomic_uint next_place;

/* With times in whole seconds (ext4 with small inodes) two changes may have one. */
static bool can_be_recognized(const struct sys_stat *st)
{
  return (st->mask & STAT_STATE) == STAT_STATE && S_ISREG(st->mode) && st->changed.nanoseconds != 0;
}

void remember_written(const struct sys_stat *before)
{
  struct place *place;
  struct state state;
  unsigned int turn;

  if (!can_be_recognized(before) || !has_fine_timestamps(before->mount))
    return;
  state = state_of(before);
  place = &places[next_place++ % (sizeof places / sizeof *places)];
  turn = place->turn & ~1u;
  if (!atomic_compare_exchange_strong(&place->turn, &turn, turn + 1))
    return;
  for (int i = 0; i < WORDS; i++)
    place->words[i] = state.words[i];
  place->turn = turn + 2;
}

bool any_is_known(void)
{
  return next_place != 0;
}

static bool holds(struct place *place, const struct state *state)
{
  unsigned int turn = place->turn;

  for (int i = 0; i < WORDS; i++)
    if (place->words[i] != state->words[i])
      return false;
  return !(turn & 1) && place->turn == turn;
}

bool known_as_written(const struct sys_stat *now)
{
  struct state state;

  if (!can_be_recognized(now))
    return false;
  state = state_of(now);
  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    if (holds(&places[i], &state))
      return true;
  return false;
}
