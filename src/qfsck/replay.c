/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the steps of a committed journal, as often as it is asked to.
 *
 * The order is that of the rounds below, and within a round that of the journal.
 * A file whose new name is taken waits in WORK until all the others have left
 * theirs: so any permutation of names works. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
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
  const char *name;
  struct stat st;
  int holder;

  if (look_at(queue->fd, path, &st) == -1 || st.st_ino != inode
      || S_ISDIR(st.st_mode) || st.st_nlink < 2)
    return;
  holder = open_holder(queue->fd, path, &name);
  if (holder == -1 || syncdir_unlinkat(holder, name, 0) == -1)
    cannot("remove the second name", path);
  close(holder);
}

static void move(const struct queue *queue, const char *from, const char *to)
{
  if (move_name(queue->fd, from, to) == -1)
    cannot("rename", from);
}

static void staged_name(char path[PATH_BYTES], unsigned long position)
{
  snprintf(path, PATH_BYTES, WORK "/%lu", position);
}

static void leave(const struct queue *queue, const struct step *step, unsigned long position,
                  void *more)
{
  char staged[PATH_BYTES];

  (void) more;
  staged_name(staged, position);
  if (step->verb != MOVE)
    return;
  if (is_at(queue, step->to, step->inode) || is_at(queue, staged, step->inode)) {
    remove_second_name(queue, step->path, step->inode);
    return;
  }
  if (!is_at(queue, step->path, step->inode))
    return;
  if (move_name(queue->fd, step->path, step->to) == 0)
    return;
  if (errno != EEXIST && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    cannot("rename", step->path);
  move(queue, step->path, staged);
}

static void arrive(const struct queue *queue, const struct step *step, unsigned long position,
                   void *more)
{
  char staged[PATH_BYTES];

  (void) more;
  staged_name(staged, position);
  if (step->verb != MOVE)
    return;
  if (is_at(queue, step->to, step->inode))
    remove_second_name(queue, staged, step->inode);
  else if (is_at(queue, staged, step->inode))
    move(queue, staged, step->to);
  remove_second_name(queue, step->path, step->inode);
}

static void set_owner(const struct step *step, int fd)
{
  if (fchown(fd, step->uid, step->gid) == -1 || fchmod(fd, step->mode) == -1)
    cannot("set owner and mode of", step->path);
  /* A fifo cannot be flushed by itself. */
  if (fsync(fd) == -1 && (errno != EINVAL || syncfs(fd) == -1))
    cannot("flush", step->path);
}

static int open_step(const struct queue *queue, const struct step *step, int flags)
{
  const char *name;
  int holder = open_holder(queue->fd, step->path, &name), fd, error;

  if (holder == -1)
    return -1;
  fd = syncdir_openat(holder, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                      0600);
  error = errno;
  close(holder);
  errno = error;
  return fd;
}

static void own(const struct queue *queue, const struct step *step, unsigned long position,
                void *more)
{
  int fd;

  (void) position;
  (void) more;
  if (step->verb != OWN || !is_at(queue, step->path, step->inode))
    return;
  fd = open_step(queue, step, O_RDONLY);
  if (fd == -1)
    cannot("open", step->path);
  set_owner(step, fd);
  close(fd);
}

static void make_folder(const struct queue *queue, const struct step *step)
{
  const char *name;
  int holder = open_holder(queue->fd, step->path, &name), fd;

  /* What is in its place may have to leave first. */
  if (holder == -1)
    return;
  if (syncdir_mkdirat(holder, name, 0700) == 0 || errno == EEXIST) {
    fd = openat(holder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd != -1) {
      set_owner(step, fd);
      close(fd);
    }
  } else {
    cannot("make the directory", step->path);
  }
  close(holder);
}

static void make_plain(const struct queue *queue, const struct step *step)
{
  int fd = open_step(queue, step, O_RDWR | O_CREAT);
  struct stat st;

  if (fd == -1 || fstat(fd, &st) == -1)
    cannot("make", step->path);
  if ((uint64_t) st.st_size < step->size && ftruncate(fd, (off_t) step->size) == -1)
    cannot("make", step->path);
  set_owner(step, fd);
  close(fd);
}

static void make_fifo(const struct queue *queue, const struct step *step)
{
  const char *name;
  int holder = open_holder(queue->fd, step->path, &name), fd;

  if (holder == -1 || (syncdir_mkfifoat(holder, name, 0600) == -1 && errno != EEXIST))
    cannot("make the fifo", step->path);
  close(holder);
  fd = open_step(queue, step, O_RDONLY);
  if (fd == -1)
    cannot("open", step->path);
  set_owner(step, fd);
  close(fd);
}

static void make_folders(const struct queue *queue, const struct step *step,
                         unsigned long position, void *more)
{
  (void) position;
  (void) more;
  if (step->verb == FOLDER)
    make_folder(queue, step);
}

static void make_files(const struct queue *queue, const struct step *step,
                       unsigned long position, void *more)
{
  (void) position;
  (void) more;
  if (step->verb == PLAIN)
    make_plain(queue, step);
  else if (step->verb == FIFO)
    make_fifo(queue, step);
}

static void remove_empty(const struct queue *queue, const struct step *step,
                         unsigned long position, void *more)
{
  const char *name;
  int holder;

  (void) position;
  (void) more;
  if (step->verb != EMPTY)
    return;
  holder = open_holder(queue->fd, step->path, &name);
  if (holder == -1)
    return;
  if (syncdir_unlinkat(holder, name, AT_REMOVEDIR) == -1
      && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
    cannot("remove the empty directory", step->path);
  close(holder);
}

void replay_journal(const struct queue *queue)
{
  static step_taker *const rounds[] = {
    own, make_folders, leave, make_folders, arrive, make_files, remove_empty
  };

  for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++)
    for_each_step(queue, rounds[i], NULL);
}
