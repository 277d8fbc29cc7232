/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --move: a queue's messages to a new queue, on any filesystem.
 *
 *   1  the old queue is locked and closed, and has to be without damage that a
 *      new number does not mend;
 *   2  the new one is made, with a journal that says of what it is a copy, and
 *      without pid and lock: nothing can use it;
 *   3  the messages are copied, and flushed, and counted;
 *   4  the new journal is committed: the copy is whole;
 *   5  the old queue's lock is renamed away: this is the move.  Nothing can use
 *      the old queue from here on;
 *   6  the new queue gets its lock and its pid.
 *
 * Before 5 a new run throws the copy away and begins again, for the old queue
 * may have been used in between; after it, it only does 6. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <syncdir.h>
#include <unistd.h>

#include "check.h"
#include "copy.h"
#include "door.h"
#include "map.h"
#include "move.h"
#include "repair.h"
#include "replay.h"

static const struct queue *closed;

static void reopen(void)
{
  discard_journal(closed);
  open_doors(closed);
}

/* A copy of OLD, or of whatever was there if OLD is NULL, that only has to be
 * opened. */
static bool is_whole_copy(const struct queue *queue, const struct stat *old)
{
  struct step step;
  struct stat work;

  if (queue->fd == -1)
    return false;
  if (journal_state(queue) == NO_JOURNAL)
    return look_at(queue->fd, WORK, &work) == 0;
  return find_step(queue, COPY_OF, &step) && journal_state(queue) == COMMITTED
      && (!old || step.inode == old->st_ino);
}

/* Step 6. */
static int finish_new(const struct queue *new, const char *map)
{
  if (journal_state(new) != NO_JOURNAL) {
    write_map(new, map);
    retire_journal(new);
  }
  open_doors(new);
  return SOUND;
}

/* NEW becomes an open queue's directory in which nothing is. */
static void prepare_new(struct queue *new, const char *path, const struct stat *old)
{
  static const char *const kept[] = { LOST_FOUND, NULL };
  struct step step;

  if (new->fd == -1) {
    if (syncdir_mkdir(path, 0700) == -1)
      cannot("make the directory", path);
    open_queue(new, path);
  }
  if (find_step(new, COPY_OF, &step) && step.inode != old->st_ino)
    fail("%s is a copy of %s that is not finished.", path, step.path);
  if (find_step(new, COPY_OF, &step)) {
    remove_tree(new->fd, kept);
    return;
  }
  /* A journal whose first line a power cut has taken was no journal yet. */
  if (journal_state(new) == BEGUN) {
    discard_journal(new);
    open_doors(new);
  }
  if (!has_no_files(new->fd))
    fail("%s is not empty: the messages go to a queue without any, or to a new one.", path);
}

static void copy_messages(const struct check *from, const struct queue *new,
                          struct journal *journal)
{
  const struct table *messages = &from->scan.messages;

  for (size_t i = 0; i < messages->count; i++) {
    if (!messages->at[i].has)
      continue;
    show_progress("copying", i, messages->count);
    add_step(journal, &(struct step) {
      .verb = NUMBER, .size = messages->at[i].number,
      .inode = copy_message(&from->scan, &messages->at[i], new)
    });
    if (is_stopped())
      fail("stopped; the old queue is as it was.");
  }
  end_progress();
}

/* The copy is looked at as a check would: all must be there. */
static void compare(const struct check *from, const struct queue *new)
{
  struct report report = { .mode = ONLY_REPORT };
  struct check check = { .queue = new, .report = &report, .door_is_closed = true };
  size_t copied = 0, expected = 0;

  scan_queue(&check.scan, new);
  decide_fates(&check);
  for (size_t i = 0; i < check.scan.messages.count; i++)
    copied += check.scan.messages.at[i].has != 0;
  for (size_t i = 0; i < from->scan.messages.count; i++)
    expected += from->scan.messages.at[i].has != 0;
  if (report.found || check.scan.stray_count || copied != expected)
    fail("%zu messages were to be copied, and %zu arrived in %s; the old queue is as it was.",
         expected, copied, new->path);
  free_scan(&check.scan);
}

static void require_space(const struct check *from, const struct queue *new)
{
  struct statvfs disk;
  unsigned long long needed = bytes_needed(&from->scan), there;

  if (fstatvfs(new->fd, &disk) == -1)
    cannot("learn how much is free in", new->path);
  there = (unsigned long long) disk.f_bfree * disk.f_frsize;
  if (needed > there)
    fail("%s needs room for %llu bytes, and %llu are free there; the old queue is as it was.",
         new->path, needed, there);
}

/* Steps 2 to 4. */
static void copy_queue(const struct check *from, struct queue *new)
{
  struct report report = { .mode = SAY_YES, .silent = true };
  struct journal journal;
  struct check skeleton = { .queue = new, .report = &report, .journal = &journal,
                            .door_is_closed = true };
  struct step origin = { .verb = COPY_OF };
  char *path = realpath(from->queue->path, NULL);
  struct stat st;

  if (!path || fstat(from->queue->fd, &st) == -1)
    cannot("look at", from->queue->path);
  require_space(from, new);
  origin.inode = st.st_ino;
  snprintf(origin.path, sizeof origin.path, "%s", path);
  free(path);
  take_lock(new);
  begin_journal(&journal, new, &origin);
  close_doors(new);
  check_queue(&skeleton);
  free_scan(&skeleton.scan);
  if (fflush(journal.stream) == EOF)
    cannot("write", new->path);
  replay_journal(new);
  copy_messages(from, new, &journal);
  flush_tree(new->fd);
  compare(from, new);
  if (!commit_journal(&journal)) {
    errno = journal.error;
    cannot("write in", new->path);
  }
}

/* A name that says what it is, if it may have one: a mount point may not. */
static void rename_aside(const struct queue *old)
{
  char aside[PATH_MAX];
  size_t length = strlen(old->path);

  while (length > 1 && old->path[length - 1] == '/')
    length--;
  snprintf(aside, sizeof aside, "%.*s.moved", (int) length, old->path);
  if (syncdir_renameat2(AT_FDCWD, old->path, AT_FDCWD, aside, RENAME_NOREPLACE) == 0)
    say("the old queue is set aside as %s.", aside);
  else
    say("the old queue is set aside in its place, without " LOCK " and " PID ".");
}

/* Step 5. */
static void set_aside(const struct queue *old, const struct queue *new, struct journal *journal)
{
  struct step step = { .verb = MOVED_TO };
  char *path = realpath(new->path, NULL);

  if (!path)
    cannot("look at", new->path);
  snprintf(step.path, sizeof step.path, "%s", path);
  free(path);
  add_step(journal, &step);
  if (!commit_journal(journal)) {
    errno = journal->error;
    cannot("write in", old->path);
  }
  close_door(old, LOCK, LOCK_ASIDE);
  before_failing = NULL;
}

static void look_at_old(struct check *check)
{
  check_queue(check);
  if (check->report->unsafe == 0)
    return;
  check->report->silent = false;
  say("%s has damage that a move does not mend.  Repair it first: qfsck -y %s",
      check->queue->path, check->queue->path);
  before_failing = NULL;
  reopen();
  exit(DAMAGE_LEFT);
}

int move_queue(const struct ids *ids, const char *from, const char *to, unsigned split,
               int big_todo, const char *map)
{
  struct queue old = { .ids = *ids }, new = { .ids = *ids, .path = to };
  struct report report = { .mode = ONLY_REPORT, .silent = true };
  struct check check = { .queue = &old, .report = &report, .door_is_closed = true };
  struct journal journal;
  struct stat st;

  new.fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (new.fd == -1 && errno != ENOENT)
    cannot("open the queue", to);
  if (stat(from, &st) == -1 && errno == ENOENT && is_whole_copy(&new, NULL))
    return finish_new(&new, map);
  open_queue(&old, from);
  if (fstat(old.fd, &st) == -1)
    cannot("look at", from);
  if (is_moved(&old)) {
    if (is_whole_copy(&new, &st)) {
      rename_aside(&old);
      return finish_new(&new, map);
    }
    refuse_moved(&old);
  }
  take_lock(&old);
  recover(&old, map);
  old.found = old.wanted = find_layout(old.fd);
  begin_journal(&journal, &old, &(struct step) { .verb = CLOSED, .path = PID, .to = PID_ASIDE });
  closed = &old;
  before_failing = reopen;
  close_door(&old, PID, PID_ASIDE);
  wait_until_quiet(&old);
  look_at_old(&check);
  prepare_new(&new, to, &st);
  new.wanted = old.found;
  if (split)
    new.wanted.split = split;
  if (big_todo != -1)
    new.wanted.big_todo = big_todo;
  new.found = new.wanted;
  copy_queue(&check, &new);
  set_aside(&old, &new, &journal);
  rename_aside(&old);
  free_scan(&check.scan);
  return finish_new(&new, map);
}
