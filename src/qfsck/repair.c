/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks a queue, and repairs it by way of the journal. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "door.h"
#include "feasible.h"
#include "map.h"
#include "repair.h"
#include "replay.h"
#include "say.h"

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
    fail("%s is a copy of %s that is not finished.  Run again: qfsck --move %s %s", queue->path,
         step.path, step.path, queue->path);
  if (is_moved(queue) && find_step(queue, MOVED_TO, &step))
    fail("the messages of %s were moved to %s; it is set aside.", queue->path, step.path);
}

void take_back(const void *argument)
{
  const struct queue *queue = argument;

  discard_journal(queue);
  open_doors(queue);
}

static void tell_steps(const struct queue *queue)
{
  struct steps steps = open_steps(queue);

  for (struct step step; next_step(&steps, &step);)
    if (step.verb == MOVE)
      tell("%s becomes %s", step.path, step.to);
}

static void finish(const struct queue *queue, struct map *map)
{
  if_stopped = "the next run finishes the repair; until then qmail cannot use the queue.";
  if (queue->verbose)
    tell_steps(queue);
  replay_journal(queue);
  write_map(map, queue);
  retire_journal(queue);
  open_doors(queue);
  if_stopped = "what was begun has been finished.";
}

bool recover(const struct queue *queue, struct map *map)
{
  switch (journal_state(queue)) {
    case COMMITTED:
      say("finishing the repair that was interrupted.");
      finish(queue, map);
      return true;
    case BEGUN:
      say("undoing what an interrupted run had begun.");
      take_back(queue);
      break;
    /* The doors may be closed: the journal was not begun yet, or is removed already. */
    case NO_JOURNAL: take_back(queue); break;
  }
  return false;
}

static bool is_fixed(const struct queue *queue, const char *path)
{
  struct look found;

  return look(queue->fd, path, &found) == 0 && (found.is_fixed || (*path && found.is_mount));
}

/* qmail can use an immutable queue, but qfsck cannot repair it. */
static void look_without_repair(const struct queue *queue, struct report *report)
{
  struct check check = { .queue = queue, .report = report, .plan.queue = queue };

  check_queue(&check);
  free_scan(&check.scan);
  if (report->found && is_fixed(queue, ""))
    accept(report, FIXED_FILE, "the queue", "");
  end_report(report);
}

static struct report look_for_damage(const struct queue *queue, bool silent)
{
  struct report report = { .mode = ONLY_REPORT, .silent = silent, .full = queue->verbose };

  look_without_repair(queue, &report);
  return report;
}

int only_check(const struct queue *queue)
{
  unsigned long found;
  struct stat work;

  refuse_moved(queue);
  if (look_at(queue->fd, WORK, &work) == 0 || is_closed(queue)) {
    puts("A repair was interrupted; the next run without -n finishes it.");
    return DAMAGE_LEFT;
  }
  found = look_for_damage(queue, false).found;
  if (found && !queue->is_sure)
    puts("How the queue is split cannot be determined: give --split N, the number in conf-split.");
  if (found)
    printf("%lu found.  If the queue is in use, messages in motion may be among it.\n", found);
  return found ? DAMAGE_LEFT : SOUND;
}

/* Says how much is repaired and how much is left, and what to do about it. */
static int conclude(const struct report *report, bool could_repair)
{
  unsigned long repaired = could_repair ? report->accepted : 0;
  unsigned long left = report->found - repaired;

  if (!report->silent && left)
    tell("%lu repaired, %lu left.%s%s", repaired, left,
         report->mode == PREEN && report->unsafe
           ? "  -y repairs what would go to lost+found too: look with -n first."
           : "",
         report->hopeless ? "  Some of it qfsck cannot repair: do as its line says, or look at the "
                            "kernel's log, and run qfsck again."
                          : "");
  else if (!report->silent && repaired)
    tell("%lu repaired, 0 left.", repaired);
  return (repaired ? REPAIRED : 0) | (left ? DAMAGE_LEFT : 0);
}

static void commit(struct journal *journal)
{
  const struct queue *queue = journal->queue;

  if (flush_journal(journal))
    require_feasible(queue);
  if (!commit_journal(journal)) {
    errno = journal->error;
    fail("cannot write %s/" WORK "/journal: %s.  It needs %llu bytes; nothing was changed.",
         queue->path, strerror(errno), (unsigned long long) journal->bytes);
  }
}

/* False if pid or lock cannot be renamed; the list of damage says why. */
static bool can_be_closed(const struct queue *queue)
{
  return !is_fixed(queue, "") && !is_fixed(queue, PID) && !is_fixed(queue, LOCK);
}

/* Closes the queue, looks again, and repairs what is to be repaired. */
static int repair_behind_closed_door(const struct queue *queue, struct report *report,
                                     struct map *map)
{
  struct journal journal;
  struct check check = { .queue = queue,
                         .report = report,
                         .plan = { .queue = queue, .journal = &journal } };
  bool can_repair;

  undo_before_failing = (struct undo) { take_back, queue };
  begin_journal(&journal, queue, &(struct step) { .verb = CLOSED, .path = PID, .to = PID_ASIDE });
  close_doors(queue);
  wait_until_quiet(queue);
  can_repair = check_queue(&check);
  free_scan(&check.scan);
  end_report(report);
  end_if_stopped();
  if (can_repair && report->accepted > 0) {
    commit(&journal);
    undo_before_failing = (struct undo) { .call = NULL };
    finish(queue, map);
  } else {
    undo_before_failing = (struct undo) { .call = NULL };
    take_back(queue);
  }
  return conclude(report, can_repair);
}

bool begin_work(const struct queue *queue, struct map *map)
{
  refuse_moved(queue);
  take_lock(queue);
  return recover(queue, map);
}

/* All that is wrong, and that nothing of it was repaired. */
static int list_damage(const struct queue *queue)
{
  const struct report report = look_for_damage(queue, false);

  return conclude(&report, false);
}

static int repair_damage(const struct queue *queue, enum mode mode, struct map *map, bool takes_out)
{
  struct report report = { .mode = mode, .full = queue->verbose };
  const char *block = takes_out ? what_blocks_lost_found(queue) : NULL;
  int result;

  if (!queue->is_sure)
    fail("%s: how it is split cannot be determined from its contents: it may be %u ways.  Give "
         "--split N, the number in conf-split; nothing was changed.",
         queue->path, queue->found.split);
  if (!can_be_closed(queue))
    return list_damage(queue);
  if (!block)
    return repair_behind_closed_door(queue, &report, map);
  result = list_damage(queue);
  say("%s/" LOST_FOUND " is %s, and what is to be taken out goes there; nothing was changed.  "
      "-p repairs the rest.",
      queue->path, block);
  return result | CANNOT_WORK;
}

int repair(const struct queue *queue, enum mode mode, struct map *map)
{
  const struct report damage = look_for_damage(queue, true);
  int result = SOUND;

  if (damage.found)
    result = repair_damage(queue, mode, map, damage.taken_out && mode != PREEN);
  write_map(map, queue);
  return result;
}

/* The kernel says so before it looks at permissions. */
bool is_read_only(const struct queue *queue)
{
  return faccessat(queue->fd, ".", W_OK, 0) == -1 && errno == EROFS;
}

int check_in_vain(const struct queue *queue, struct map *map)
{
  int result = only_check(queue);

  if (result == SOUND) {
    write_map(map, queue);
    return SOUND;
  }
  say("%s is on a filesystem that is mounted read-only; nothing was repaired.  Mount it for "
      "writing, or look at the kernel's log for why it is not.",
      queue->path);
  return result | CANNOT_WORK;
}

int create(const struct queue *queue)
{
  take_lock(queue);
  recover(queue, NULL);
  if (look_for_damage(queue, true).found)
    repair_behind_closed_door(queue, &(struct report) { .mode = SAY_YES, .silent = true }, NULL);
  return SOUND;
}
