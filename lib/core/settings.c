/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SYNCDIR, SYNCDIR_ONLY and SYNCDIR_TRACE, read once.
 *
 * The constructor reads them, or the first call that comes before it.  While
 * one thread reads, another (or a signal handler over the same one) does not
 * wait: it flushes, which is always right.  A set-id program does not believe
 * its environment. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/parent.h"
#include "core/settings.h"
#include "core/sys.h"
#include "core/text.h"
#include "core/trace.h"

static struct {
  bool off;
  int count;                         /* 0: everything is wanted */
  struct {
    const char *path;                /* into PATHS */
    struct sys_stat inode;
  } only[ONLY_MAX];
  char paths[ONLY_SIZE];
} settings;

enum { UNREAD, BEING_READ, READ };
static atomic_int state = UNREAD;

/* All of VALUE or nothing: one that is no directory, too many or too long a list,
 * and everything is flushed. */
static void list_only(const char *value)
{
  int count = 0;

  if (!value || strlen(value) >= sizeof settings.paths)
    return;
  memcpy(settings.paths, value, strlen(value) + 1);
  for (char *path = settings.paths, *next; path; path = next) {
    next = strchr(path, ':');
    if (next)
      *next++ = '\0';
    if (!*path)
      continue;
    if (count == ONLY_MAX
        || sys_statx(AT_FDCWD, path, 0, &settings.only[count].inode) == -1
        || !S_ISDIR(settings.only[count].inode.mode))
      return;
    settings.only[count++].path = path;
  }
  settings.count = count;
}

static void read_settings(void)
{
  int unread = UNREAD;
  const char *value;

  if (!atomic_compare_exchange_strong(&state, &unread, BEING_READ))
    return;
  value = secure_getenv("SYNCDIR");
  settings.off = value && strcmp(value, "off") == 0;
  list_only(secure_getenv("SYNCDIR_ONLY"));
  trace_to(secure_getenv("SYNCDIR_TRACE"));
  state = READ;
}

__attribute__((constructor))
static void read_early(void)
{
  int saved = errno;

  read_settings();
  errno = saved;
}

bool flushing(void)
{
  if (state == UNREAD)
    read_early();
  return state != READ || !settings.off;
}

/* Whether PATH still leads where it led when the settings were read: a
 * directory that was replaced since has a new inode, which we do not know. */
static bool still_there(int which)
{
  struct sys_stat now;

  return sys_statx(AT_FDCWD, settings.only[which].path, 0, &now) == 0
      && same_inode(&now, &settings.only[which].inode);
}

static bool is_listed(const struct sys_stat *directory)
{
  for (int i = 0; i < settings.count; i++)
    if (same_inode(directory, &settings.only[i].inode))
      return true;
  return false;
}

/* Two mounts of one inode, one inside the other, are not yet the root. */
static bool same_mount(const struct sys_stat *one, const struct sys_stat *other)
{
  return !(one->mask & other->mask & (STAT_MOUNT | STAT_UNIQUE_MOUNT))
      || one->mount == other->mount;
}

/* Not where the root of a mount was reached that is detached, or of another
 * mount namespace: who knows what lies above. */
static bool is_our_root(const struct sys_stat *directory)
{
  struct sys_stat root;

  return sys_statx(AT_FDCWD, "/", 0, &root) == 0
      && same_inode(directory, &root) && same_mount(directory, &root);
}

bool wanted(int directory)
{
  char up[512];
  struct text above = empty_text(up, sizeof up);
  struct sys_stat here, below = { 0 };

  if (state != READ || settings.count == 0)
    return true;
  while (!above.cut) {
    if (sys_statx(directory, up, AT_EMPTY_PATH, &here) == -1 || is_listed(&here))
      return true;
    if (same_inode(&here, &below) && same_mount(&here, &below))
      break;
    below = here;
    add_string(&above, above.length ? "/.." : "..");
  }
  for (int i = 0; i < settings.count; i++)
    if (!still_there(i))
      return true;
  return !is_our_root(&here);
}
