/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last few files of which this process knows that their bytes are written.
 *
 * A file has not changed if its ctime has not: every write, truncation and first store
 * through a mapping sets the ctime, and no program can set it back.  This is true only if
 * two changes never get the same ctime.  Since Linux 6.13 they do not, on some filesystems:
 * once somebody has asked for a ctime, the next change takes a finer one ("multigrain
 * timestamps").  Elsewhere a change could hide in the clock tick in which the file was
 * remembered, so nothing is remembered there.
 *
 * What is remembered is a fact about the inode, whichever process asks, so the child of
 * fork or vfork may use it.  If an inode number is used again, the new file has a later
 * ctime: the removal of the old file took a fine one, and the kernel no longer hands out an
 * earlier one. */
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

/* By the name of the driver: ext3 is a part of ext4's, but without fine timestamps. */
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

/* The state of a file: mount, inode, size, and the two halves of its ctime.  In words that
 * every machine reads and writes in one step. */
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

/* TURN is odd while a thread writes the words, and has a new value afterwards.  There is no
 * lock: whoever finds it odd does without this slot.  If a thread or process ends while it
 * writes, nothing is lost but the slot. */
static struct slot {
  atomic_uint turn;
  _Atomic uint32_t words[WORDS];
} places[8];

static atomic_uint next_place;

/* If the times are in whole seconds (ext4 with small inodes), two changes may have the
 * same one. */
static bool can_be_recognized(const struct sys_stat *st)
{
  return (st->mask & STAT_STATE) == STAT_STATE && S_ISREG(st->mode) && st->changed.nanoseconds != 0;
}

void remember_written(const struct sys_stat *before)
{
  struct slot *slot;
  struct state state;
  unsigned int turn;

  if (!can_be_recognized(before) || !has_fine_timestamps(before->mount))
    return;
  state = state_of(before);
  slot = &places[next_place++ % (sizeof places / sizeof *places)];
  turn = slot->turn & ~1u;
  if (!atomic_compare_exchange_strong(&slot->turn, &turn, turn + 1))
    return;
  for (int i = 0; i < WORDS; i++)
    slot->words[i] = state.words[i];
  slot->turn = turn + 2;
}

bool any_is_known(void)
{
  return next_place != 0;
}

static bool holds(struct slot *slot, const struct state *state)
{
  unsigned int turn = slot->turn;

  for (int i = 0; i < WORDS; i++)
    if (slot->words[i] != state->words[i])
      return false;
  return !(turn & 1) && slot->turn == turn;
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
