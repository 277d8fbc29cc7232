/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rename changes two directories, which may be one. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>

#include "core/durable.h"
#include "core/filesystem.h"
#include "core/flush.h"
#include "core/named.h"
#include "core/parent.h"
#include "core/place.h"
#include "core/settings.h"
#include "core/sys.h"
#include "core/text.h"
#include "defer/put_off.h"

struct rename {
  struct change new, old;
  bool one_spelling; /* both parents are spelled the same: one directory */
  bool exchange;
};

static int flush_moved_files(const struct rename *rename, int new, int old)
{
  if (flush_named_file(&rename->new, new) == -1)
    return -1;
  return rename->exchange ? flush_named_file(&rename->old, old != NONE ? old : new) : 0;
}

/* OLD is NONE if only one directory changed.  The rename may have removed a file, the one
 * that the new name led to, or made one, a whiteout under the old name: nothing here tells,
 * so both are reckoned with. */
static int flush_in_order(const struct rename *rename, const struct filesystem *needs, int new,
                          int old)
{
  if (may_put_off() && put_off(&rename->new, needs, new))
    return 0;
  if (rename->new.others && needs->forgets_other_names)
    return flush_by_syncfs(&rename->new, new);
  if (old != NONE && needs->rename == OLD_THEN_NEW)
    return flush_directory(&rename->old, needs, old) == -1
           ? -1
           : flush_directory_once(&rename->new, new);
  if (needs->syncfs_first && flush_by_syncfs(&rename->new, new) == -1)
    return -1;
  if (needs->named_file_first && flush_moved_files(rename, new, old) == -1)
    return -1;
  if (flush_directory(&rename->new, needs, new) == -1)
    return -1;
  return old != NONE && needs->rename == NEW_THEN_OLD ? flush_directory(&rename->old, needs, old)
                                                      : 0;
}

/* Whether a path may lead elsewhere through what its first LENGTH bytes name.  It is apart
 * from leads_through, so that only a rename that needs it takes this much stack. */
__attribute__((noinline)) static bool may_deceive(const struct change *path, size_t length,
                                                  bool exchange)
{
  char buffer[PATH_MAX];
  struct text prefix = empty_text(buffer, sizeof buffer);
  struct sys_stat st;

  add_bytes(&prefix, path->path, length);
  if (sys_statx(path->dirfd, prefix.bytes, AT_SYMLINK_NOFOLLOW, STAT_TYPE, &st) == -1)
    return true;
  return S_ISLNK(st.mode) || (exchange && S_ISDIR(st.mode));
}

/* Whether PATH leads through NAME, which the call has replaced, so that PATH may now lead
 * elsewhere.  An example is rename("l/f", "l") over a symlink l: "l", the old parent,
 * now leads where f led.  Only a new symlink can deceive in this way: no path leads through a
 * file, and a directory can replace only an empty one, through which no path leads but by
 * "..".  An exchange puts directories there that are not empty. */
static bool leads_through(const struct change *path, const char *name, bool exchange)
{
  for (size_t end = 0; (end = prefix_to(path->path, name, end)) != 0;)
    if (may_deceive(path, end, exchange))
      return true;
  return false;
}

/* Whether PATH, one of the two, may lead elsewhere since the call.  After an exchange the
 * old name can deceive as well. */
static bool is_deceived(const struct rename *rename, const struct change *path)
{
  return leads_through(path, parent_of(rename->new.path).name, rename->exchange)
      || (rename->exchange && leads_through(path, parent_of(rename->old.path).name, true));
}

/* Both directories of a rename are on one filesystem: if the new parent cannot be opened,
 * a flush of that filesystem by the old parent is enough. */
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

static int flush_old_as_well(const struct rename *rename, const struct filesystem *needs, int new)
{
  int old = open_parent(rename->old.dirfd, rename->old.path, OPEN_DIRECTORY), result;

  if (old == -1)
    return flush_unopened(&rename->old, new);
  result = flush_in_order(rename, needs, new, old);
  sys_close(old);
  return result;
}

enum parents { NEW_PARENT, BOTH_PARENTS };

static int flush_parents(const struct rename *rename, const struct filesystem *needs,
                         enum parents parents)
{
  int new = open_parent(rename->new.dirfd, rename->new.path, OPEN_DIRECTORY), result;

  if (new == -1)
    return flush_by_old(rename);
  result = parents == BOTH_PARENTS ? flush_old_as_well(rename, needs, new)
                                   : flush_in_order(rename, needs, new, NONE);
  sys_close(new);
  return result;
}

/* Two directories, unless two spellings of one. */
static int flush_both(const struct rename *rename, const struct place *new)
{
  const struct place old = look_at_parent(rename->old.dirfd, rename->old.path);
  const struct filesystem *needs = new->wanted ? new->needs : old.needs;

  if (!(new->wanted || old.wanted) || needs->in_memory)
    return 0;
  return flush_parents(rename, needs, same_inode(&new->st, &old.st) ? NEW_PARENT : BOTH_PARENTS);
}

/* The path of PARENT still leads to the filesystem that holds both directories. */
static int flush_filesystem_of(const struct change *parent)
{
  int directory = open_parent(parent->dirfd, parent->path, OPEN_DIRECTORY), result;

  if (directory == -1)
    return flush_unopened(parent, NONE);
  result = flush_by_syncfs_and_fsync(parent, directory);
  sys_close(directory);
  return result;
}

static int flush_rename(const struct rename *rename)
{
  bool new_deceived = is_deceived(rename, &rename->new);
  bool old_deceived = is_deceived(rename, &rename->old);
  struct place place;

  if (new_deceived && old_deceived)
    return flush_everything(&rename->new, ENOENT);
  if (new_deceived || old_deceived)
    return flush_filesystem_of(new_deceived ? &rename->old : &rename->new);
  place = look_at_parent(rename->new.dirfd, rename->new.path);
  if (rename->one_spelling && !place.wanted)
    return 0;
  if (place.wanted && place.needs->in_memory)
    return 0;
  if (rename->one_spelling || (place.wanted && place.needs->rename == NEW_ALONE))
    return flush_parents(rename, place.needs, NEW_PARENT);
  return flush_both(rename, &place);
}

int durable_rename(const char *call, int olddirfd, const char *oldpath, int newdirfd,
                   const char *newpath, unsigned int flags, bool others)
{
  const struct rename rename = {
    .new = { .call = call, .dirfd = newdirfd, .path = newpath, .file = NONE, .others = others },
    .old = { .call = call, .dirfd = olddirfd, .path = oldpath, .file = NONE },
    .one_spelling = same_spelling(newdirfd, newpath, olddirfd, oldpath),
    .exchange = (flags & RENAME_EXCHANGE) != 0,
  };
  int saved = errno;

  return flushing() ? with_errno(saved, flush_rename(&rename)) : 0;
}
