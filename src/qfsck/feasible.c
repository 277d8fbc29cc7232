/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the journal, which is not committed yet, can be carried out.  All that can be
 * checked about its steps is checked here: after the commit the queue stays closed until
 * the last step has been taken. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "array.h"
#include "feasible.h"
#include "journal.h"
#include "listing.h"

/* Names, as hashes of 64 bits.  If two names have the same hash, one that is in the way may
 * be overlooked: then the replay stops there, as after any unforeseen error, and the next
 * run goes on. */
struct names {
  uint64_t *at;
  size_t count, room;
};

static uint64_t hash_of(const char *path)
{
  uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

  for (; *path; path++)
    hash = (hash ^ (unsigned char) *path) * 0x100000001b3u;
  return hash;
}

static int compare_hashes(const void *one, const void *other)
{
  const uint64_t a = *(const uint64_t *) one, b = *(const uint64_t *) other;

  return a < b ? -1 : a > b;
}

static void add_name(struct names *names, const char *path)
{
  names->at = with_room(names->at, names->count, &names->room, sizeof *names->at);
  names->at[names->count++] = hash_of(path);
}

static bool is_among(const struct names *names, const char *path)
{
  uint64_t hash = hash_of(path);
  size_t i = lower_bound(&hash, names->at, names->count, sizeof hash, compare_hashes);

  return i < names->count && names->at[i] == hash;
}

/* Whether everything in the directory leaves. */
static bool gets_empty(const struct queue *queue, const struct names *leaving, const char *path)
{
  struct listing names = list_folder(queue->fd, path);
  char below[PATH_BYTES + NAME_BYTES];
  bool empty = names.stream;

  for (struct dirent *entry; empty && (entry = next_name(&names));) {
    snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
    empty = is_among(leaving, below);
  }
  end_listing(&names);
  return empty;
}

/* Whether the name that STEP gives to a file will be free by then. */
static bool will_be_free(const struct queue *queue, const struct names *leaving,
                         const struct step *step)
{
  struct stat st;

  if (look_at(queue->fd, step->to, &st) == -1 || st.st_ino == step->inode)
    return true;
  return is_among(leaving, step->to)
      && (!S_ISDIR(st.st_mode) || gets_empty(queue, leaving, step->to));
}

static bool can_be_done(const struct queue *queue, struct step *stuck)
{
  struct names leaving = { .at = NULL }, coming = { .at = NULL };
  struct steps steps = open_steps(queue);
  bool can = true;

  while (next_step(&steps, stuck)) {
    if (stuck->verb == MOVE || stuck->verb == SECOND || stuck->verb == EMPTY)
      add_name(&leaving, stuck->path);
    if (stuck->verb == MOVE)
      add_name(&coming, stuck->to);
  }
  for (struct names *names = &leaving; names; names = names == &leaving ? &coming : NULL)
    if (names->count)
      qsort(names->at, names->count, sizeof *names->at, compare_hashes);
  for (size_t i = 1; i < coming.count; i++)
    can = can && coming.at[i] != coming.at[i - 1];
  steps = open_steps(queue);
  while (can && next_step(&steps, stuck)) {
    end_if_stopped();
    can = stuck->verb != MOVE || will_be_free(queue, &leaving, stuck);
  }
  free(leaving.at);
  free(coming.at);
  return can;
}

/* Whether a directory takes a block; on other filesystems a small one fits into its
 * inode. */
static bool is_ext(const struct queue *queue)
{
  struct statfs disk;

  return fstatfs(queue->fd, &disk) == 0 && disk.f_type == EXT_MAGIC;
}

static void require_room(const struct queue *queue)
{
  enum { NAMES_IN_BLOCK = 32 }; /* at the least */
  struct steps steps = open_steps(queue);
  uint64_t inodes = 0, folders = 0, blocks;
  struct statvfs disk;

  for (struct step step; next_step(&steps, &step);) {
    folders += step.verb == FOLDER;
    inodes += step.verb == FOLDER || step.verb == PLAIN || step.verb == FIFO || step.verb == NOTES;
  }
  if (fstatvfs(queue->fd, &disk) == -1)
    cannot("learn how much is free in", queue->path);
  if (disk.f_files && inodes > disk.f_ffree)
    fail("%s needs %llu more inodes, and %llu are free there; nothing was changed.", queue->path,
         (unsigned long long) inodes, (unsigned long long) disk.f_ffree);
  blocks = is_ext(queue) ? folders + folders / NAMES_IN_BLOCK : 0;
  if (blocks > disk.f_bfree)
    fail("%s needs room for %llu bytes, and %llu are free there; nothing was changed.", queue->path,
         (unsigned long long) (blocks * disk.f_frsize),
         (unsigned long long) (disk.f_bfree * disk.f_frsize));
}

/* In a container, root may lack this right: a probe file is given each owner and mode that
 * a file of the queue is to have. */
static void require_owners(const struct queue *queue)
{
  static const char probe[] = WORK "/" COPY "probe";
  int fd = open_below(queue->fd, probe, O_RDWR | O_CREAT);
  uid_t uid = (uid_t) -1;
  gid_t gid = (gid_t) -1;
  struct steps steps = open_steps(queue);

  if (fd == -1)
    cannot("write", probe);
  for (struct step step; next_step(&steps, &step);) {
    if ((step.verb != OWN && step.verb != FOLDER && step.verb != PLAIN && step.verb != FIFO)
        || (step.uid == uid && step.gid == gid))
      continue;
    uid = step.uid;
    gid = step.gid;
    if (fchown(fd, uid, gid) == -1 || fchmod(fd, step.mode) == -1)
      fail("cannot give a file to user %lu and group %lu: %s.  Run qfsck as root, with all its "
           "capabilities; nothing was changed.",
           (unsigned long) uid, (unsigned long) gid, strerror(errno));
  }
  close(fd);
  remove_below(queue->fd, probe, 0);
}

/* A directory in the lower layer of an overlay cannot be renamed.  To find out, it is
 * renamed onto one that is not empty: that fails in any case, and the errno tells why. */
static void require_movable_folders(const struct queue *queue)
{
  enum { OVERLAY_MAGIC = 0x794c7630 };
  struct statfs disk;
  struct steps steps;
  struct stat st;

  if (fstatfs(queue->fd, &disk) == -1 || disk.f_type != OVERLAY_MAGIC)
    return;
  steps = open_steps(queue);
  for (struct step step; next_step(&steps, &step);) {
    const char *name;
    int holder;

    if (step.verb != MOVE || look_at(queue->fd, step.path, &st) == -1 || !S_ISDIR(st.st_mode))
      continue;
    holder = open_holder(queue->fd, step.path, &name);
    if (renameat(holder, name, queue->fd, WORK) == -1 && errno == EXDEV)
      fail("%s lies in the lower layer of an overlay and cannot be renamed; nothing was changed.",
           step.path);
    close(holder);
  }
}

void require_feasible(const struct queue *queue)
{
  struct step stuck;

  if (!can_be_done(queue, &stuck))
    fail("%s cannot be renamed to %s, where something stays; nothing was changed.  "
         "Look at what was reported about it.",
         stuck.path, stuck.to);
  require_movable_folders(queue);
  require_room(queue);
  require_owners(queue);
}
