/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir_hold: the flushes of a thread wait until it releases them.
 *
 * No thread-local data, which a preloaded library must not have: a slot for each thread
 * that holds, found by the thread's number.  That goes to another thread when this one
 * ends, so the time of its start, which /proc tells, has to be the same.
 *
 * Of each filesystem a descriptor is kept until then, of the directory that changed
 * last: the only one that lives longer than a call. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "core/flush.h"
#include "core/sys.h"
#include "defer/hold.h"
#include "defer/reasons.h"

enum { SLOTS = 32, FILESYSTEMS = 4, HIGH = 100 };

struct held {
  const struct filesystem *needs;
  uint64_t inode; /* of the directory that changed last */
  uint32_t major, minor;
  int fd;
};

static struct hold {
  atomic_int thread; /* 0: free */
  uint64_t started;
  unsigned levels;
  int count;
  struct held held[FILESYSTEMS];
} holds[SLOTS];

atomic_int holding_threads;

/* When this thread was started, in ticks since the boot; 0 if that cannot be known.  In
 * /proc/PID/stat it is the twentieth word behind the name, which stands in parentheses
 * and may hold anything. */
static uint64_t started(void)
{
  char stat[512], *at;
  uint64_t ticks = 0;
  int fd = sys_openat(AT_FDCWD, "/proc/thread-self/stat", O_RDONLY | O_CLOEXEC);
  ssize_t length;

  if (fd == -1)
    return 0;
  length = sys_read(fd, stat, sizeof stat - 1);
  sys_close(fd);
  if (length <= 0)
    return 0;
  stat[length] = '\0';
  at = strrchr(stat, ')');
  for (int word = 0; at && word < 20; word++)
    at = strchr(at + 1, ' ');
  for (at = at ? at + 1 : stat + length; *at >= '0' && *at <= '9'; at++)
    ticks = 10 * ticks + (*at - '0');
  return ticks;
}

static struct hold *slot_of(int thread)
{
  for (int i = 0; i < SLOTS; i++)
    if (holds[i].thread == thread)
      return &holds[i];
  return NULL;
}

/* The slot of this thread, or NULL where it holds nothing. */
static struct hold *own_slot(void)
{
  struct hold *hold = slot_of(sys_gettid());

  return hold && hold->started == started() ? hold : NULL;
}

static bool is_on_filesystem(const struct held *held, const struct sys_stat *st)
{
  return held->major == st->major && held->minor == st->minor;
}

static bool is_directory_of(const struct held *held, const struct sys_stat *st)
{
  return is_on_filesystem(held, st) && held->inode == st->inode;
}

/* False where the program has closed our descriptor, or has another file in its place. */
static bool is_still_there(const struct held *held)
{
  struct sys_stat now;

  return sys_stat_fd(held->fd, STAT_INODE, &now) == 0 && is_directory_of(held, &now);
}

static int flush_held(const struct held *held)
{
  const struct change change = {
    .call = "syncdir_release", .dirfd = held->fd, .path = ".", .file = NONE
  };

  if (!is_still_there(held))
    return flush_by_syncfs(&change, NONE);
  return held->needs->one_journal ? flush_directory(&change, held->needs, held->fd)
                                  : flush_by_syncfs_and_fsync(&change, held->fd);
}

static void drop(const struct held *held)
{
  if (is_still_there(held))
    sys_close(held->fd);
}

static struct held *held_on(struct hold *hold, const struct sys_stat *st)
{
  for (int i = 0; i < hold->count; i++)
    if (is_on_filesystem(&hold->held[i], st))
      return &hold->held[i];
  return NULL;
}

static bool add(struct hold *hold, const struct filesystem *needs, int directory,
                const struct sys_stat *st)
{
  struct held *held = held_on(hold, st);
  int fd;

  if (held && is_directory_of(held, st))
    return true;
  if (!held && hold->count == FILESYSTEMS)
    return false;
  fd = sys_dup_above(directory, HIGH);
  if (fd == -1)
    return false;
  if (held)
    drop(held);
  else
    held = &hold->held[hold->count++];
  *held = (struct held) { needs, st->inode, st->major, st->minor, fd };
  return true;
}

bool hold_flush(const struct filesystem *needs, int directory)
{
  const sys_signals all = ~(sys_signals) 0;
  const struct sys_stat st = sys_stat_of(directory, STAT_INODE);
  struct hold *hold = own_slot();
  sys_signals before;
  int saved = errno;
  bool added;

  /* What is held is flushed by syncfs.  A handler of this thread may come here as well. */
  if (!hold || needs->fuse || !(st.mask & STAT_INODE) || sys_block(&all, &before) == -1)
    return false;
  added = add(hold, needs, directory, &st);
  sys_set_blocked(&before);
  errno = saved;
  return added;
}

int hold_begin(void)
{
  int thread = sys_gettid(), none = 0;
  uint64_t since = started();
  struct hold *hold = slot_of(thread);

  if (hold && hold->started == since) {
    hold->levels++;
    return 0;
  }
  if (since == 0) {
    errno = ENOSYS;
    return -1;
  }
  for (int i = 0; i < SLOTS && !hold; i++, none = 0)
    if (atomic_compare_exchange_strong(&holds[i].thread, &none, thread))
      hold = &holds[i];
  if (!hold) {
    errno = EAGAIN;
    return -1;
  }
  hold->count = 0;
  hold->levels = 1;
  hold->started = since;
  holding_threads++;
  reasons_to_put_off++;
  return 0;
}

int hold_end(void)
{
  struct hold *hold = own_slot();
  int error = 0, saved = errno;

  if (!hold) {
    errno = EINVAL;
    return -1;
  }
  if (--hold->levels > 0)
    return 0;
  for (int i = 0; i < hold->count; i++) {
    if (flush_held(&hold->held[i]) == -1 && !error)
      error = errno;
    drop(&hold->held[i]);
  }
  hold->started = 0;
  hold->thread = 0;
  holding_threads--;
  reasons_to_put_off--;
  errno = error ? error : saved;
  return error ? -1 : 0;
}
