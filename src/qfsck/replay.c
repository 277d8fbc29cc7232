/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the steps of a committed journal; may be repeated.
 *
 * The steps are taken in rounds, listed at the end of this file, and within a round in the
 * order of the journal.  A file whose new name is taken waits in WORK until all others have
 * left theirs and the spare directories are gone.  So names can be permuted in any way, and
 * a file can take the place of a directory or the other way round. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <syncdir.h>
#include <unistd.h>

#include "journal.h"
#include "replay.h"

static bool is_at(const struct queue *queue, const char *path, uint64_t inode)
{
  struct stat st;

  if (look_at(queue->fd, path, &st) == 0)
    return st.st_ino == inode;
  if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    cannot("look at", path);
  return false;
}

/* A power cut between link and unlink leaves a file under both its names. */
static void remove_second_name(const struct queue *queue, const char *path, uint64_t inode)
{
  struct stat st;

  if (look_at(queue->fd, path, &st) == 0 && st.st_ino == inode && !S_ISDIR(st.st_mode)
      && st.st_nlink > 1 && remove_below(queue->fd, path, 0) == -1)
    cannot("remove the second name", path);
}

static void move(const struct queue *queue, const char *from, const char *to)
{
  if (move_name(queue->fd, from, to) == -1)
    cannot("rename", from);
}

static void staged_name(char path[PATH_BYTES], const struct step *step)
{
  snprintf(path, PATH_BYTES, WORK "/%lu", step->position);
}

static void leave(const struct queue *queue, const struct step *step)
{
  char staged[PATH_BYTES];

  staged_name(staged, step);
  if (is_at(queue, step->to, step->inode) || is_at(queue, staged, step->inode)) {
    remove_second_name(queue, step->path, step->inode);
    return;
  }
  if (!is_at(queue, step->path, step->inode) || move_name(queue->fd, step->path, step->to) == 0)
    return;
  if (errno != EEXIST && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    cannot("rename", step->path);
  move(queue, step->path, staged);
}

static void arrive(const struct queue *queue, const struct step *step)
{
  char staged[PATH_BYTES];

  staged_name(staged, step);
  if (is_at(queue, step->to, step->inode))
    remove_second_name(queue, staged, step->inode);
  else if (is_at(queue, staged, step->inode))
    move(queue, staged, step->to);
  remove_second_name(queue, step->path, step->inode);
}

static void remove_second(const struct queue *queue, const struct step *step)
{
  remove_second_name(queue, step->path, step->inode);
}

static void set_owner(const struct step *step, int fd)
{
  if (fchown(fd, step->uid, step->gid) == -1 || fchmod(fd, step->mode) == -1)
    cannot("set owner and mode of", step->path);
  /* A fifo cannot be flushed by itself. */
  if (fsync(fd) == -1 && (errno != EINVAL || syncfs(fd) == -1))
    cannot("flush", step->path);
  close(fd);
}

static void own(const struct queue *queue, const struct step *step)
{
  int fd;

  if (!is_at(queue, step->path, step->inode))
    return;
  fd = open_below(queue->fd, step->path, O_RDONLY);
  if (fd == -1)
    cannot("open", step->path);
  set_owner(step, fd);
}

static void make_folder(const struct queue *queue, const struct step *step)
{
  const char *name;
  int holder = open_holder(queue->fd, step->path, &name), fd;

  /* Something in its place may have to leave first. */
  if (holder == -1)
    return;
  if (syncdir_mkdirat(holder, name, 0700) == -1 && errno != EEXIST)
    cannot("make the directory", step->path);
  close(holder);
  fd = open_below(queue->fd, step->path, O_RDONLY | O_DIRECTORY);
  if (fd != -1)
    set_owner(step, fd);
}

static void make_plain(const struct queue *queue, const struct step *step)
{
  int fd = open_below(queue->fd, step->path, O_RDWR | O_CREAT);
  struct stat st;

  if (fd == -1 || fstat(fd, &st) == -1)
    cannot("make", step->path);
  if ((uint64_t) st.st_size < step->number && ftruncate(fd, (off_t) step->number) == -1)
    cannot("make", step->path);
  set_owner(step, fd);
}

static void make_fifo(const struct queue *queue, const struct step *step)
{
  const char *name;
  int holder = open_holder(queue->fd, step->path, &name), fd;

  if (holder == -1 || (syncdir_mkfifoat(holder, name, 0600) == -1 && errno != EEXIST))
    cannot("make the fifo", step->path);
  close(holder);
  fd = open_below(queue->fd, step->path, O_RDONLY);
  if (fd == -1)
    cannot("open", step->path);
  set_owner(step, fd);
}

static void remove_empty(const struct queue *queue, const struct step *step)
{
  if (remove_below(queue->fd, step->path, AT_REMOVEDIR) == -1 && errno != ENOENT && errno != ENOTDIR
      && errno != ENOTEMPTY && errno != EEXIST)
    cannot("remove the empty directory", step->path);
}

void replay_journal(const struct queue *queue)
{
  static const struct round {
    enum verb verb;
    void (*take)(const struct queue *queue, const struct step *step);
  } rounds[] = {
    { OWN, own },     { SECOND, remove_second }, { FOLDER, make_folder },
    { MOVE, leave },  { EMPTY, remove_empty },   { FOLDER, make_folder },
    { MOVE, arrive }, { PLAIN, make_plain },     { FIFO, make_fifo },
  };
  enum { ROUNDS = sizeof rounds / sizeof *rounds };
  unsigned long all = 0;
  struct steps steps = open_steps(queue);

  for (struct step step; next_step(&steps, &step);)
    all++;
  for (size_t i = 0; i < ROUNDS; i++) {
    steps = open_steps(queue);
    for (struct step step; next_step(&steps, &step);) {
      show_progress("repairing", i * all + steps.position, ROUNDS * all);
      if (step.verb == rounds[i].verb)
        rounds[i].take(queue, &step);
    }
  }
  end_progress();
}
