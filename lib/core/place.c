/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory in which a name was changed, looked at before it is opened.
 *
 * An open is an event for whoever watches the directory, even if nothing is flushed, so
 * it is made last.  Where the mount is remembered statx of the path is enough.  Elsewhere
 * statx and fstatfs must ask about one directory, by a descriptor of O_PATH, which makes
 * no event.
 *
 * If the path is made to lead elsewhere between the look and the open, the wrong directory
 * is opened; without the look it would have been as well. */
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
