/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each kind of change has to flush, and in which order. */
#include <errno.h>

#include "core/change.h"
#include "core/durable.h"
#include "core/errors.h"
#include "core/named.h"
#include "core/parent.h"
#include "core/place.h"
#include "core/settings.h"
#include "core/sys.h"
#include "defer/put_off.h"

static int flush_made_directory(const struct change *change, int parent)
{
  int directory = sys_openat(parent, parent_of(change->path).name, OPEN_DIRECTORY | O_NOFOLLOW);
  int result;

  if (directory == -1)
    return only_cannot_open(errno) ? flush_by_syncfs(change, parent) : -1;
  result = flush_inode(change, directory, parent);
  sys_close(directory);
  return result;
}

/* A symlink or a device has no fsync, and a removed inode cannot be opened.  To open a
 * regular file of which the caller has no descriptor takes a task of its own. */
static int flush_new_inode(const struct change *change, const struct filesystem *needs, int parent)
{
  if (change->file != NONE)
    return or_removed(needs, flush_inode(change, change->file, parent));
  if (change->new_directory)
    return or_removed(needs, flush_made_directory(change, parent));
  return needs->named_file_first && !change->removed ? flush_named_file(change, parent) : 0;
}

static int flush_before_parent(const struct change *change, const struct filesystem *needs,
                               int parent)
{
  if (needs->syncfs_first)
    return flush_by_syncfs(change, parent);
  return needs->new_inode_first ? flush_new_inode(change, needs, parent) : 0;
}

int flush_below(const struct change *change, const struct filesystem *needs, int parent)
{
  if (may_put_off() && put_off(change, needs, parent))
    return 0;
  if (change->others && needs->forgets_other_names)
    return flush_by_syncfs(change, parent);
  if (flush_before_parent(change, needs, parent) == -1)
    return -1;
  return flush_directory(change, needs, parent);
}

static int flush_one_parent(const struct change *change)
{
  const struct place place = look_at_parent(change->dirfd, change->path);
  int parent, result;

  if (!place.wanted || place.needs->in_memory)
    return 0;
  parent = open_parent(change->dirfd, change->path, OPEN_DIRECTORY);
  if (parent == -1)
    return flush_unopened(change, NONE);
  result = flush_below(change, place.needs, parent);
  sys_close(parent);
  return result;
}

static int durable_change(const struct change change)
{
  int saved = errno;

  return flushing() ? with_errno(saved, flush_one_parent(&change)) : 0;
}

int durable_name(const char *call, int dirfd, const char *path)
{
  return durable_change(
    (struct change) { .call = call, .dirfd = dirfd, .path = path, .file = NONE });
}

int durable_found(const char *call, int dirfd, const char *path)
{
  return durable_change(
    (struct change) { .call = call, .dirfd = dirfd, .path = path, .file = NONE, .found = true });
}

int durable_directory(const char *call, int dirfd, const char *path)
{
  return durable_change((struct change) {
    .call = call, .dirfd = dirfd, .path = path, .file = NONE, .new_directory = true });
}

bool has_other_names(int dirfd, const char *path)
{
  int saved = errno;
  struct sys_stat st;
  bool others;

  if (!only_some())
    return false;
  if (sys_statx(dirfd, path, AT_SYMLINK_NOFOLLOW, STAT_TYPE | STAT_LINKS, &st) == 0)
    others = !S_ISDIR(st.mode) && st.links > 1;
  else
    others = errno == ENOSYS || errno == EPERM; /* a seccomp filter: unknown */
  errno = saved;
  return others;
}

int durable_removal(const char *call, int dirfd, const char *path, bool others)
{
  return durable_change((struct change) {
    .call = call, .dirfd = dirfd, .path = path, .file = NONE, .removed = true, .others = others });
}
