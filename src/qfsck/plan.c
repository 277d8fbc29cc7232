/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes what is to be done into the journal, step by step. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syncdir.h>
#include <unistd.h>

#include "copy.h"
#include "plan.h"

void plan_step(struct plan *plan, const struct step *step)
{
  if (plan->journal)
    add_step(plan->journal, step);
}

/* False if it is gone.  For any other reason not to see it, nothing can be planned. */
static bool is_there(const struct plan *plan, const char *path, struct stat *st)
{
  if (look_at(plan->queue->fd, path, st) == 0)
    return true;
  if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    cannot("look at", path);
  return false;
}

static void plan_move_because(struct plan *plan, const char *from, const char *to, const char *why)
{
  struct step step = { .verb = MOVE, .why = why };
  struct stat st;

  if (!plan->journal || strcmp(from, to) == 0 || !is_there(plan, from, &st))
    return;
  step.inode = st.st_ino;
  snprintf(step.path, sizeof step.path, "%s", from);
  snprintf(step.to, sizeof step.to, "%s", to);
  add_step(plan->journal, &step);
}

void plan_move(struct plan *plan, const char *from, const char *to)
{
  plan_move_because(plan, from, to, "");
}

void plan_second(struct plan *plan, const char *path, uint64_t inode)
{
  struct step step = { .verb = SECOND, .inode = inode };

  snprintf(step.path, sizeof step.path, "%s", path);
  plan_step(plan, &step);
}

/* For example lost+found/mess.3.26.  Two different paths never give the same name. */
static void lost_name(char to[PATH_BYTES], const char *from, uint64_t inode)
{
  enum { LONGEST = 200 };
  char *end = to + sprintf(to, LOST_FOUND "/");

  for (; *from && end - to < LONGEST; from++) {
    if (isalnum((unsigned char) *from) || *from == '-' || *from == '_' || *from == '+')
      *end++ = *from;
    else if (*from == '/')
      *end++ = '.';
    else
      end += sprintf(end, "\\x%02x", (unsigned char) *from);
  }
  *end = '\0';
  if (*from)
    sprintf(end, "~%llu", (unsigned long long) inode);
}

/* PATH, or PATH~2, PATH~3 ..., which is free. */
static void free_name(const struct plan *plan, char name[PATH_BYTES], const char *path)
{
  struct stat st;

  snprintf(name, PATH_BYTES, "%s", path);
  for (int i = 2; is_there(plan, name, &st); i++)
    snprintf(name, PATH_BYTES, "%.600s~%d", path, i);
}

const char *what_blocks_lost_found(const struct queue *queue)
{
  struct look found;

  if (look(queue->fd, LOST_FOUND, &found) == -1)
    return NULL;
  return found.is_mount ? "a mount point" : found.is_fixed ? "immutable or append-only" : NULL;
}

/* The damage was listed when nothing had to go there; but it is too late once the journal
 * is committed. */
static void refuse_blocked_lost_found(const struct queue *queue)
{
  const char *what = what_blocks_lost_found(queue);

  if (what)
    fail("%s/" LOST_FOUND " is %s; nothing was changed.", queue->path, what);
}

static void plan_lost_found(struct plan *plan)
{
  struct step notes = { .verb = NOTES };
  struct stat st;

  if (plan->lost_found)
    return;
  plan->lost_found = true;
  refuse_blocked_lost_found(plan->queue);
  if (!is_there(plan, LOST_FOUND, &st))
    plan_step(plan, &(struct step) { .verb = FOLDER, .path = LOST_FOUND, .mode = 0700 });
  for (int i = 1; i == 1 || is_there(plan, notes.path, &st); i++)
    snprintf(notes.path, sizeof notes.path, LOST_FOUND "/notes.%d", i);
  plan_step(plan, &notes);
}

void plan_loss(struct plan *plan, const char *from, const char *why)
{
  const char *below_work = after_folder(from, WORK);
  char first[PATH_BYTES], to[PATH_BYTES];
  struct stat st;

  if (!plan->journal || !is_there(plan, from, &st))
    return;
  plan_lost_found(plan);
  lost_name(first, below_work ? below_work : from, st.st_ino);
  free_name(plan, to, first);
  plan_move_because(plan, from, to, why);
}

void plan_owner(struct plan *plan, const char *path, enum user owner, const struct rule *rule,
                mode_t mode)
{
  struct step step = {
    .verb = OWN, .mode = mode, .uid = plan->queue->ids.user[owner], .gid = plan->queue->ids.group
  };
  struct stat st;

  if (!plan->journal || !is_there(plan, path, &st))
    return;
  step.inode = st.st_ino;
  if (rule && rule->any_group)
    step.gid = st.st_gid;
  snprintf(step.path, sizeof step.path, "%s", path);
  add_step(plan->journal, &step);
}

uint64_t make_copy(struct plan *plan, const char *from, char path[PATH_BYTES])
{
  uint64_t inode;
  int fd;

  snprintf(path, PATH_BYTES, WORK "/" COPY "%u", ++plan->copies);
  inode = copy_file(plan->queue, from, plan->queue, path);
  fd = open_below(plan->queue->fd, path, O_RDONLY);
  if (fd == -1 || fsync(fd) == -1)
    cannot("flush", path);
  close(fd);
  if (syncdir_sync_parent(plan->queue->fd, path) == -1)
    cannot("flush the directory of", path);
  return inode;
}
