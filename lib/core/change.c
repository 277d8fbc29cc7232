/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each kind of change has to flush, and in which order. */
#include <errno.h>

#include "core/change.h"
#include "core/durable.h"
#include "core/errors.h"
#include "core/parent.h"
#include "core/settings.h"
#include "core/sys.h"

int flush_new_file(const struct change *change, int parent)
{
  return flush_inode(change, change->file, parent);
}

/* A symlink or a device has no fsync, and we may not open a regular file by
 * name: closing it would drop the program's fcntl locks on it.  What was removed
 * has no name any more. */
int flush_no_inode(const struct change *change, int parent)
{
  (void) change, (void) parent;
  return 0;
}

static int flush_made_directory(const struct change *change, int parent)
{
  int directory = sys_openat(parent, parent_of(change->path).name,
                             OPEN_DIRECTORY | O_NOFOLLOW), result;

  if (directory == -1)
    return only_cannot_open(errno) ? flush_by_syncfs(change, parent) : -1;
  result = flush_inode(change, directory, parent);
  sys_close(directory);
  return result;
}

static int flush_before_parent(const struct change *change, const struct filesystem *needs,
                               int parent, inode_flush *flush_new_inode)
{
  if (needs->syncfs_first)
    return flush_by_syncfs(change, parent);
  return needs->new_inode_first ? flush_new_inode(change, parent) : 0;
}

int flush_below(const struct change *change, const struct filesystem *needs, int parent,
                inode_flush *flush_new_inode)
{
  if (flush_before_parent(change, needs, parent, flush_new_inode) == -1)
    return -1;
  return flush_directory(change, needs, parent);
}

static int flush_below_if_wanted(const struct change *change, int parent,
                                 inode_flush *flush_new_inode)
{
  const struct filesystem *needs;
  struct sys_stat st;

  if (!wanted(parent))
    return 0;
  st = sys_stat_of(parent, STAT_ANY_MOUNT);
  needs = filesystem_of(parent, &st);
  return needs->in_memory ? 0 : flush_below(change, needs, parent, flush_new_inode);
}

static int flush_one_parent(const struct change *change, inode_flush *flush_new_inode)
{
  int parent = open_parent(change->dirfd, change->path, OPEN_DIRECTORY), result;

  if (parent == -1)
    return flush_unopened(change, NONE);
  result = flush_below_if_wanted(change, parent, flush_new_inode);
  sys_close(parent);
  return result;
}

int durable_name(const char *call, int dirfd, const char *path)
{
  const struct change change = { call, dirfd, path, NONE };
  int saved = errno;

  return flushing() ? with_errno(saved, flush_one_parent(&change, flush_no_inode)) : 0;
}

int durable_directory(const char *call, int dirfd, const char *path)
{
  const struct change change = { call, dirfd, path, NONE };
  int saved = errno;

  return flushing() ? with_errno(saved, flush_one_parent(&change, flush_made_directory)) : 0;
}
