/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory in which a name was changed, looked at before it is opened.
 *
 * Whoever watches the directory is told of an open, so it is opened only if it is to be
 * flushed.  If its mount is remembered, statx of the path is enough.  If not, statx and
 * fstatfs must ask about the same directory: by a descriptor of O_PATH, of which no
 * watcher is told.
 *
 * If somebody makes the path lead elsewhere between the look and the open, the wrong
 * directory is opened; the same could happen without the look. */
#include <errno.h>

#include "core/parent.h"
#include "core/place.h"
#include "core/settings.h"

static void look_at(struct place *place, int directory)
{
  place->wanted = wanted(directory);
  if (!place->wanted)
    return;
  place->st = sys_stat_of(directory, STAT_INODE | STAT_ANY_MOUNT);
  place->needs = filesystem_of(directory, &place->st);
}

struct place look_at_parent(int dirfd, const char *path)
{
  struct place place = { .wanted = true, .needs = unknown_filesystem() };
  const struct filesystem *known;
  int directory;

  if (!only_some()
      && stat_parent(dirfd, path, STAT_TYPE | STAT_INODE | STAT_ANY_MOUNT, &place.st) == 0
      && S_ISDIR(place.st.mode) && (known = remembered_filesystem(&place.st)) != NULL) {
    place.needs = known;
    return place;
  }
  place.st = (struct sys_stat) { 0 };
  directory = open_parent(dirfd, path, LOOK_AT_DIRECTORY);
  if (directory == -1) {
    place.error = errno;
    return place;
  }
  look_at(&place, directory);
  sys_close(directory);
  return place;
}
