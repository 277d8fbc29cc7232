/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rename changes two directories, which may be one. */
#include <errno.h>
#include <stdbool.h>

#include "core/durable.h"
#include "core/filesystem.h"
#include "core/flush.h"
#include "core/parent.h"
#include "core/settings.h"
#include "core/sys.h"

struct rename {
  struct change new, old;
  bool one_spelling;   /* both parents are spelled the same: one directory */
  bool leads_through_itself;
};

/* OLD is NONE where one directory changed.  What the new name led to was removed,
 * or the old one leads to a new whiteout: perhaps, and nobody tells. */
static int flush_in_order(const struct rename *rename, const struct filesystem *needs,
                          int new, int old)
{
  if (old != NONE && needs->old_parent_first
      && flush_directory(&rename->old, needs, old) == -1)
    return -1;
  if (needs->syncfs_first && flush_by_syncfs(&rename->new, new) == -1)
    return -1;
  return flush_directory(&rename->new, needs, new);
}

/* rename("l/f", "l") over a symlink l: both paths may lead elsewhere now than
 * they did for the call.  After an exchange the old name can deceive as well. */
static bool leads_through_itself(const struct change *old, const struct change *new,
                                 bool exchange)
{
  const char *name = parent_of(new->path).name;

  if (parent_has(old->path, name) || parent_has(new->path, name))
    return true;
  name = parent_of(old->path).name;
  return exchange && (parent_has(old->path, name) || parent_has(new->path, name));
}

/* Whether flushing the new parent makes the old one's change durable as well. */
static bool new_alone_is_enough(const struct rename *rename, const struct filesystem *needs,
                                bool new_wanted)
{
  return rename->one_spelling || (!needs->old_parent_first && new_wanted);
}

/* Two directories, unless two spellings of one. */
static int flush_both(const struct rename *rename, const struct filesystem *needs,
                      int new, const struct sys_stat *new_st, bool new_wanted)
{
  int old = open_parent(rename->old.dirfd, rename->old.path, OPEN_DIRECTORY), result = 0;
  struct sys_stat old_st;

  if (old == -1)
    return flush_unopened(&rename->old, new);
  old_st = sys_stat_of(old, STAT_INODE);
  if (new_wanted || wanted(old))
    result = flush_in_order(rename, needs, new, same_inode(new_st, &old_st) ? NONE : old);
  sys_close(old);
  return result;
}

static int flush_by_new(const struct rename *rename, int new)
{
  const struct sys_stat new_st = sys_stat_of(new, STAT_INODE | STAT_ANY_MOUNT);
  const struct filesystem *needs;
  bool new_wanted = wanted(new);

  if (rename->leads_through_itself)
    return flush_by_syncfs_and_fsync(&rename->new, new);
  if (rename->one_spelling && !new_wanted)
    return 0;
  needs = filesystem_of(new, &new_st);
  if (needs->in_memory)
    return 0;
  if (new_alone_is_enough(rename, needs, new_wanted))
    return flush_in_order(rename, needs, new, NONE);
  return flush_both(rename, needs, new, &new_st, new_wanted);
}

/* A rename never leaves its filesystem: where the new parent cannot be opened,
 * the old one leads there as well. */
static int flush_by_old(const struct rename *rename)
{
  int why = errno, result;
  int old = open_parent(rename->old.dirfd, rename->old.path, OPEN_DIRECTORY);

  errno = why;
  result = flush_unopened(&rename->new, old);
  if (old != NONE)
    sys_close(old);
  return result;
}

static int flush_rename(const struct rename *rename)
{
  int new = open_parent(rename->new.dirfd, rename->new.path, OPEN_DIRECTORY), result;

  if (new == -1)
    return flush_by_old(rename);
  result = flush_by_new(rename, new);
  sys_close(new);
  return result;
}

int durable_rename(const char *call, int olddirfd, const char *oldpath,
                  int newdirfd, const char *newpath, unsigned int flags)
{
  struct rename rename = {
    .new = { call, newdirfd, newpath, NONE },
    .old = { call, olddirfd, oldpath, NONE },
    .one_spelling = same_spelling(newdirfd, newpath, olddirfd, oldpath),
  };
  int saved = errno;

  rename.leads_through_itself =
    leads_through_itself(&rename.old, &rename.new, flags & RENAME_EXCHANGE);
  return flushing() ? with_errno(saved, flush_rename(&rename)) : 0;
}
