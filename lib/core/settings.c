/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SYNCDIR, SYNCDIR_DATA, SYNCDIR_ONLY and SYNCDIR_TRACE, read once.
 *
 * The constructor reads them, or the first call that comes before it.  While one thread
 * reads them, another thread does not wait, nor does a signal handler that interrupts the
 * reading: it flushes, which is always right.  A set-id program ignores its environment. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "core/environment.h"
#include "core/parent.h"
#include "core/settings.h"
#include "core/sys.h"
#include "core/text.h"
#include "core/trace.h"
#include "defer/defer.h"
#include "defer/reasons.h"

static struct {
  bool off, data_off;
  int count; /* 0: everything is wanted */
  struct sys_stat root;
  struct {
    const char *path; /* into PATHS */
    struct sys_stat inode;
  } only[ONLY_MAX];
  char paths[ONLY_SIZE];
} settings;

enum { UNREAD, BEING_READ, READ };
static atomic_int state = UNREAD;

/* If the list is too long, or anything on it is not a directory, none of it is used and
 * everything is flushed. */
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
        || sys_statx(AT_FDCWD, path, 0, STAT_TYPE | STAT_INODE, &settings.only[count].inode) == -1
        || !S_ISDIR(settings.only[count].inode.mode))
      return;
    settings.only[count++].path = path;
  }
  sys_statx(AT_FDCWD, "/", 0, STAT_INODE | STAT_ANY_MOUNT, &settings.root);
  settings.count = count;
}

static bool is_off(const char *value)
{
  return value && strcmp(value, "off") == 0;
}

static bool is_deferred(const char *mode)
{
#ifdef ARCHIVE
  return &syncdir_deferred && (!mode || strcmp(mode, "strict") != 0);
#else
  return mode && strcmp(mode, "deferred") == 0;
#endif
}

static void read_variables(void)
{
  settings.off = is_off(environment("SYNCDIR="));
  settings.data_off = is_off(environment("SYNCDIR_DATA="));
  list_only(environment("SYNCDIR_ONLY="));
  trace_to(environment("SYNCDIR_TRACE="));
}

static void read_settings(void)
{
  const char *mode = NULL;
  int unread = UNREAD;

  if (!atomic_compare_exchange_strong(&state, &unread, BEING_READ))
    return;
  /* Most programs have none of them: one look instead of five. */
  if (environment("SYNCDIR")) {
    read_variables();
    mode = environment("SYNCDIR_MODE=");
  }
  deferring = is_deferred(mode) && defer_start();
  if (deferring)
    reasons_to_put_off++;
  state = READ;
}

__attribute__((constructor)) static void read_early(void)
{
  int saved = errno;

  read_settings();
  errno = saved;
}

bool flushing(void)
{
  int known = state;

  if (known == UNREAD) {
    read_early();
    known = state;
  }
  return known != READ || !settings.off;
}

bool writing_bytes(void)
{
  return flushing() && (state != READ || !settings.data_off);
}

/* Whether the path of this directory still leads to it.  If not, the directory was
 * replaced, and the user means the new one, which we do not know. */
static bool still_there(int which)
{
  struct sys_stat now;

  return sys_statx(AT_FDCWD, settings.only[which].path, 0, STAT_INODE, &now) == 0
      && same_inode(&now, &settings.only[which].inode);
}

static bool is_listed(const struct sys_stat *directory)
{
  for (int i = 0; i < settings.count; i++)
    if (same_inode(directory, &settings.only[i].inode))
      return true;
  return false;
}

/* The mount counts as well: a directory may be mounted twice, once below itself. */
static bool same_place(const struct sys_stat *one, const struct sys_stat *other)
{
  return same_inode(one, other)
      && (!(one->mask & other->mask & STAT_ANY_MOUNT) || one->mount == other->mount);
}

/* Whether this is the root, as it was when the list was read.  Before Linux 5.8 a
 * mount has no number, and the root of another one may be the same inode. */
static bool is_old_root(const struct sys_stat *directory)
{
  return (directory->mask & STAT_ANY_MOUNT) && same_place(directory, &settings.root);
}

/* Whether this is the root as it is now.  The root of a detached mount, or of another
 * mount namespace, is not: what lies above it is unknown. */
static bool is_root(const struct sys_stat *directory)
{
  struct sys_stat root;

  return sys_statx(AT_FDCWD, "/", 0, STAT_INODE | STAT_ANY_MOUNT, &root) == 0
      && same_place(directory, &root);
}

/* Whether DIRECTORY has the root above it, and none of the listed directories. */
static bool lies_elsewhere(int directory)
{
  char up[USUAL_PATH];
  struct text above = empty_text(up, sizeof up);
  struct sys_stat here, below = { 0 };

  while (!above.cut) {
    if (sys_statx(directory, up, AT_EMPTY_PATH, STAT_INODE | STAT_ANY_MOUNT, &here) == -1
        || is_listed(&here))
      return false;
    if (is_old_root(&here))
      return true;
    if (same_place(&here, &below))
      return is_root(&here);
    below = here;
    add_string(&above, above.length ? "/.." : "..");
  }
  return false;
}

bool only_some(void)
{
  return flushing() && (state != READ || settings.count > 0);
}

bool wanted(int directory)
{
  if (state != READ || settings.count == 0 || !lies_elsewhere(directory))
    return true;
  for (int i = 0; i < settings.count; i++)
    if (!still_there(i))
      return true;
  return false;
}
