/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --move: a queue's messages to a new queue, on any filesystem.
 *
 *   1  the old queue is locked and closed, and must have no damage but what new
 *      numbers repair;
 *   2  the new queue is made, or emptied of what an interrupted run has left, with a
 *      journal that says which queue it is a copy of, and without pid and lock, so
 *      that nothing can use it;
 *   3  the messages are copied, flushed and counted;
 *   4  the new journal is committed: the copy is whole;
 *   5  the old queue's journal says where the messages are, and then its lock is
 *      renamed away: this is the move.  From here on nothing can use the old queue;
 *   6  the new queue gets its lock and its pid.
 *
 * If it is interrupted before 5, the next run discards the copy and begins again, for the
 * old queue may have been used in between; after 5, it only does 6.  A copy is opened only
 * if the old queue is there and names it. */
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
#include "fates.h"
#include "layout.h"
#include "move.h"
#include "repair.h"
#include "replay.h"
#include "say.h"
#include "walk.h"

enum { MOVED_BYTES = PATH_MAX + sizeof ".moved" };

/* The name of the queue PATH once it has been set aside. */
static void aside_name(char aside[MOVED_BYTES], const char *path)
{
  size_t length = strlen(path);

  while (length > 1 && path[length - 1] == '/')
    length--;
  snprintf(aside, MOVED_BYTES, "%.*s.moved", (int) length, path);
}

/* Whether OLD was moved to NEW, which only has to be opened. */
static bool is_moved_to(const struct queue *old, const struct queue *new)
{
  struct step step;
  struct stat st, work;

  return new->fd != -1 && is_moved(old) && find_step(old, MOVED_TO, &step)
      && fstat(new->fd, &st) == 0 && (step.inode == st.st_ino) && look_at(new->fd, WORK, &work) == 0
      && (journal_state(new) == NO_JOURNAL
          || (find_step(new, COPY_OF, &step) && journal_state(new) == COMMITTED));
}

/* The same if the old queue, PATH, has been renamed already. */
static bool was_set_aside(const char *path, const struct queue *new)
{
  char aside[MOVED_BYTES];
  struct queue old = { .path = aside };
  bool result;

  aside_name(aside, path);
  old.fd = open(aside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  result = old.fd != -1 && is_moved_to(&old, new);
  if (old.fd != -1)
    close(old.fd);
  return result;
}

/* Step 6. */
static int open_new(const struct queue *new, struct map *map)
{
  if (journal_state(new) != NO_JOURNAL) {
    write_map(map, new);
    retire_journal(new);
  }
  open_doors(new);
  return SOUND;
}

/* The two must not be the same, nor one inside the other. */
static void refuse_nested(const struct queue *old, const char *to)
{
  char *from = realpath(old->path, NULL), *there = realpath(to, NULL);
  char *parent = there ? NULL : strdup(to);

  if (parent) {
    size_t length = strlen(parent);

    while (length > 1 && parent[length - 1] == '/')
      parent[--length] = '\0';
    if (strrchr(parent, '/'))
      strrchr(parent, '/')[strrchr(parent, '/') == parent] = '\0';
    else
      strcpy(parent, ".");
    there = realpath(parent, NULL);
  }
  if (!from || !there)
    cannot("find the directory of", to);
  if (strcmp(from, there) == 0 || after_folder(there, from)
      || (!parent && after_folder(from, there)))
    fail("%s and %s: one is inside the other; nothing was changed.", old->path, to);
  free(parent);
  free(there);
  free(from);
}

/* Step 1.  True if the old queue can be moved. */
static bool close_old(struct check *check, struct journal *journal)
{
  const struct queue *old = check->queue;

  undo_before_failing = (struct undo) { take_back, old };
  begin_journal(journal, old, &(struct step) { .verb = CLOSED, .path = PID, .to = PID_ASIDE });
  close_door(old, PID, PID_ASIDE);
  wait_until_quiet(old);
  check_queue(check);
  end_report(check->report);
  if (!check->report->unsafe && !check->report->hopeless && (!check->report->found || old->is_sure))
    return true;
  say("%s has damage that a move does not repair.  Look with qfsck -n, and repair it first: "
      "qfsck -y %s%s",
      old->path, old->is_sure ? "" : "--split N ", old->path);
  undo_before_failing = (struct undo) { .call = NULL };
  take_back(old);
  return false;
}

/* Step 2: NEW becomes a directory in which no messages are.  True if an interrupted run
 * has begun to make it a queue of that layout; its journal stays until the next is there. */
static bool prepare_new(struct queue *new, const struct queue *old, struct layout *layout)
{
  const char *path = new->path;
  struct step step;
  struct stat st;
  bool is_begun;

  if (new->fd == -1) {
    if (syncdir_mkdir(path, 0700) == -1)
      cannot("make the directory", path);
    open_queue(new, path);
  }
  if (fstat(old->fd, &st) == -1)
    cannot("look at", old->path);
  is_begun = find_step(new, COPY_OF, &step);
  if (is_begun && step.inode != st.st_ino)
    fail("%s is a copy of %s that is not finished.", path, step.path);
  if (is_begun) {
    *layout = (struct layout) { .split = (unsigned) step.number, .big_todo = step.mode };
    remove_files(new->fd);
  } else if (journal_state(new) == BEGUN) {
    take_back(new);
  }
  if (!has_no_files(new->fd))
    fail("%s is not empty: the messages go to a queue without any, or to a new one.", path);
  return is_begun;
}

/* The layout of the new queue: what was asked for; or the one that it has already, which
 * its qmail was built for; or that of the old queue. */
static void choose_layout(struct queue *new, const struct queue *old,
                          const struct move_options *options)
{
  struct guess guess = { .layout = old->found, .is_sure = true };
  struct stat st;

  if (!prepare_new(new, old, &guess.layout) && look_at(new->fd, rules[MESS].name, &st) == 0)
    guess = find_layout(new->fd);
  if (!guess.is_sure && !options->split)
    fail("%s: how it is split cannot be determined from its contents: give --split N; the old "
         "queue is as it was.",
         new->path);
  new->found = new->wanted = guess.layout;
  if (options->split)
    new->wanted.split = options->split;
  if (options->big_todo != -1)
    new->wanted.big_todo = options->big_todo;
}

static void copy_messages(const struct check *from, const struct queue *new,
                          struct journal *journal)
{
  const struct table *messages = &from->scan.messages;

  for (size_t i = 0; i < messages->count; i++) {
    if (!messages->at[i].has)
      continue;
    show_progress("copying", i, messages->count);
    add_step(journal, &(struct step) { .verb = NUMBER,
                                       .number = messages->at[i].number,
                                       .inode = copy_message(&from->scan, &messages->at[i], new) });
  }
  end_progress();
}

/* The copy must be complete, and a check must find nothing wrong with it. */
static void compare(const struct check *from, const struct queue *new)
{
  struct report report = { .mode = ONLY_REPORT };
  struct check check = { .queue = new, .report = &report, .plan.queue = new };
  size_t copied = 0, expected = 0;

  scan_queue(&check.scan, new);
  decide_fates(&check);
  end_report(&report);
  for (size_t i = 0; i < check.scan.messages.count; i++)
    copied += check.scan.messages.at[i].has != 0;
  for (size_t i = 0; i < from->scan.messages.count; i++)
    expected += from->scan.messages.at[i].has != 0;
  if (report.found || check.scan.stray_count || check.scan.obstacle_count || copied != expected)
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

/* Makes the directories of the new queue, by its journal, which stays open. */
static void make_skeleton(struct queue *new, struct journal *journal)
{
  struct report report = { .mode = SAY_YES, .silent = true };
  struct check check = { .queue = new,
                         .report = &report,
                         .plan = { .queue = new, .journal = journal } };

  if (!check_queue(&check))
    fail("%s cannot be made into a queue: look with qfsck -n %s; the old queue is as it was.",
         new->path, new->path);
  free_scan(&check.scan);
  end_report(&report);
  if (fflush(journal->stream) == EOF)
    cannot("write", new->path);
  replay_journal(new);
  new->found = new->wanted;
}

/* Steps 2 to 4. */
static void copy_queue(const struct check *from, struct queue *new)
{
  struct step origin = { .verb = COPY_OF };
  char *path = realpath(from->queue->path, NULL);
  struct journal journal;
  struct stat st;

  if (!path || fstat(from->queue->fd, &st) == -1)
    cannot("look at", from->queue->path);
  require_space(from, new);
  origin.inode = st.st_ino;
  origin.number = new->wanted.split;
  origin.mode = new->wanted.big_todo;
  snprintf(origin.path, sizeof origin.path, "%s", path);
  free(path);
  take_lock(new);
  begin_journal(&journal, new, &origin);
  close_doors(new);
  make_skeleton(new, &journal);
  copy_messages(from, new, &journal);
  flush_tree(new->fd);
  compare(from, new);
  if (!commit_journal(&journal)) {
    errno = journal.error;
    cannot("write in", new->path);
  }
}

/* Gives the old queue a name that says what it is, unless it cannot be renamed, as a mount
 * point. */
static void rename_aside(const struct queue *old)
{
  char aside[MOVED_BYTES];

  aside_name(aside, old->path);
  if (syncdir_renameat2(AT_FDCWD, old->path, AT_FDCWD, aside, RENAME_NOREPLACE) == 0)
    say("the old queue was renamed to %s.", aside);
  else
    say("the old queue is set aside in its place, without " LOCK " and " PID ".");
}

/* Step 5. */
static void set_aside(const struct queue *old, const struct queue *new, struct journal *journal)
{
  struct step step = { .verb = MOVED_TO };
  char *path = realpath(new->path, NULL);
  struct stat st;

  if (!path || fstat(new->fd, &st) == -1)
    cannot("look at", new->path);
  step.inode = st.st_ino;
  snprintf(step.path, sizeof step.path, "%s", path);
  free(path);
  add_step(journal, &step);
  if (!commit_journal(journal)) {
    errno = journal->error;
    cannot("write in", old->path);
  }
  close_door(old, LOCK, LOCK_ASIDE);
  undo_before_failing = (struct undo) { .call = NULL };
  if_stopped = "the messages are moved; run it again to open the new queue.";
}

/* Opens both queues.  True if an earlier run has moved the messages: only step 6 is left. */
static bool open_queues(struct queue *old, struct queue *new, const char *from,
                        const struct move_options *options)
{
  const char *to = new->path;
  struct stat st;

  new->fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (new->fd == -1 && errno != ENOENT)
    cannot("open the queue", to);
  if (new->fd != -1)
    open_queue(new, to);
  if (stat(from, &st) == -1 && errno == ENOENT && was_set_aside(from, new))
    return true;
  open_queue(old, from);
  refuse_map_in(options->map, from);
  refuse_map_in(options->map, to);
  refuse_nested(old, to);
  if (is_moved_to(old, new)) {
    rename_aside(old);
    return true;
  }
  refuse_moved(old);
  return false;
}

/* The old queue is locked, finishes what an earlier run has begun, and keeps its layout. */
static void take_over(struct queue *old, struct map *map)
{
  struct guess guess;

  take_lock(old);
  recover(old, map);
  guess = find_layout(old->fd);
  old->found = old->wanted = guess.layout;
  old->is_sure = guess.is_sure;
}

int move_queue(const struct ids *ids, const char *from, const char *to,
               const struct move_options *options)
{
  struct queue old = { .ids = *ids }, new = { .ids = *ids, .path = to, .is_sure = true };
  struct report report = { .mode = ONLY_REPORT, .silent = true };
  struct check check = { .queue = &old, .report = &report, .plan.queue = &old };
  struct journal journal;

  if_stopped = "the old queue is as it was.";
  if (open_queues(&old, &new, from, options))
    return open_new(&new, options->map);
  take_over(&old, options->map);
  if (!close_old(&check, &journal))
    return DAMAGE_LEFT;
  choose_layout(&new, &old, options);
  copy_queue(&check, &new);
  set_aside(&old, &new, &journal);
  rename_aside(&old);
  free_scan(&check.scan);
  return open_new(&new, options->map);
}
