/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks a queue, and repairs it by way of the journal. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "door.h"
#include "map.h"
#include "repair.h"
#include "replay.h"

bool is_moved(const struct queue *queue)
{
  struct stat st;
  struct step step;

  return look_at(queue->fd, LOCK, &st) == -1 && look_at(queue->fd, LOCK_ASIDE, &st) == 0
      && find_step(queue, MOVED_TO, &step);
}

void refuse_moved(const struct queue *queue)
{
  struct step step;

  if (find_step(queue, COPY_OF, &step))
    fail("%s is a copy of %s that is not finished.  Run again: qfsck --move %s %s",
         queue->path, step.path, step.path, queue->path);
  if (is_moved(queue) && find_step(queue, MOVED_TO, &step))
    fail("the messages of %s were moved to %s; it is set aside.", queue->path, step.path);
}

static void tell_step(const struct queue *queue, const struct step *step, unsigned long position,
                      void *more)
{
  char path[ESCAPED_BYTES], to[ESCAPED_BYTES];

  (void) queue;
  (void) position;
  (void) more;
  if (step->verb == MOVE)
    printf("%s becomes %s\n", escape(path, step->path), escape(to, step->to));
}

static void finish(const struct queue *queue, const char *map)
{
  if (queue->verbose)
    for_each_step(queue, tell_step, NULL);
  replay_journal(queue);
  write_map(queue, map);
  retire_journal(queue);
  open_doors(queue);
}

static void undo(const struct queue *queue)
{
  discard_journal(queue);
  open_doors(queue);
}

bool recover(const struct queue *queue, const char *map)
{
  switch (journal_state(queue)) {
    case COMMITTED:
      say("finishing the repair that was interrupted.");
      finish(queue, map);
      return true;
    case BEGUN:
      say("taking back what an interrupted run has begun.");
      undo(queue);
      break;
    case NO_JOURNAL:
      open_doors(queue);
      break;
  }
  return false;
}

static unsigned long look(const struct queue *queue, bool silent)
{
  struct report report = { .mode = ONLY_REPORT, .silent = silent };
  struct check check = { .queue = queue, .report = &report };

  check_queue(&check);
  free_scan(&check.scan);
  return report.found;
}

int only_check(const struct queue *queue)
{
  unsigned long found;

  refuse_moved(queue);
  if (journal_state(queue) != NO_JOURNAL || is_closed(queue)) {
    puts("A repair was interrupted; the next run without -n finishes it.");
    return DAMAGE_LEFT;
  }
  found = look(queue, false);
  if (found)
    printf("%lu found.  If the queue is in use, messages in motion may be among it.\n", found);
  return found ? DAMAGE_LEFT : SOUND;
}

static const struct queue *begun;

static void undo_begun(void)
{
  undo(begun);
}

/* Closes the queue, looks again, and repairs what is to be repaired. */
static int repair_behind_closed_door(const struct queue *queue, struct report *report,
                                     const char *map)
{
  struct journal journal;
  struct check check = { .queue = queue, .report = report, .journal = &journal,
                         .door_is_closed = true };

  begin_journal(&journal, queue, &(struct step) { .verb = CLOSED, .path = PID, .to = PID_ASIDE });
  begun = queue;
  before_failing = undo_begun;
  close_doors(queue);
  wait_until_quiet(queue);
  check_queue(&check);
  free_scan(&check.scan);
  if (is_stopped())
    fail("stopped; nothing was changed.");
  if (report->accepted > 0 && !commit_journal(&journal)) {
    errno = journal.error;
    fail("cannot write %s/" WORK "/journal: %s.  It needs %llu bytes; nothing was changed.",
         queue->path, strerror(errno), (unsigned long long) journal.bytes);
  }
  before_failing = NULL;
  if (report->accepted > 0)
    finish(queue, map);
  else
    undo(queue);
  return (report->accepted ? REPAIRED : 0) | (report->accepted < report->found ? DAMAGE_LEFT : 0);
}

bool begin_work(const struct queue *queue, const char *map)
{
  refuse_moved(queue);
  take_lock(queue);
  return recover(queue, map);
}

int repair(const struct queue *queue, enum mode mode, const char *map)
{
  int result = SOUND;

  if (look(queue, true) > 0)
    result = repair_behind_closed_door(queue, &(struct report) { .mode = mode }, map);
  write_map(queue, map);
  return result;
}

int create(const struct queue *queue)
{
  take_lock(queue);
  recover(queue, NULL);
  if (look(queue, true) > 0)
    repair_behind_closed_door(queue, &(struct report) { .mode = SAY_YES, .silent = true }, NULL);
  return SOUND;
}
