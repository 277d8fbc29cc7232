/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories of a queue and the files in lock, as hier.c has them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "door.h"

/* What belongs at PATH. */
struct part {
  const char *path;
  enum verb verb;         /* FOLDER, PLAIN or FIFO: makes it */
  enum user owner;
  mode_t mode;
  off_t size;             /* of a plain file; -1: any */
};

static const struct part lock_parts[] = {     /* below lock */
  { "sendmutex", PLAIN, QMAILS, 0600, -1 },
  { "tcpto",     PLAIN, QMAILR, 0644, 1024 },
  { "trigger",   FIFO,  QMAILS, 0622, -1 },
};
enum { LOCK_PARTS = sizeof lock_parts / sizeof *lock_parts };

/* One question for all of them: without them nothing else can be repaired. */
struct skeleton {
  struct check *check;
  bool asked, accepted;
};

/* The name that the administrator knows: a door that is closed is open to him. */
static const char *without_work(const char *path)
{
  return strncmp(path, WORK "/", sizeof WORK) == 0 ? path + sizeof WORK : path;
}

static bool accept_part(struct skeleton *skeleton, const char *path, const char *what)
{
  struct report *report = skeleton->check->report;
  enum mode mode = report->mode;
  char shown[ESCAPED_BYTES];

  if (skeleton->asked && mode == ASK)
    report->mode = skeleton->accepted ? SAY_YES : ONLY_REPORT;
  if (!accept(report, SAFE, "%s: %s.", escape(shown, without_work(path)), what))
    skeleton->accepted = false;
  report->mode = mode;
  skeleton->asked = true;
  return skeleton->accepted;
}

static mode_t type_of(enum verb verb)
{
  return verb == FOLDER ? S_IFDIR : verb == PLAIN ? S_IFREG : S_IFIFO;
}

static void plan_part(struct skeleton *skeleton, const struct part *part)
{
  const struct ids *ids = &skeleton->check->queue->ids;
  struct step step = { .verb = part->verb, .uid = ids->user[part->owner], .gid = ids->group,
                       .mode = part->mode, .size = part->size > 0 ? (uint64_t) part->size : 0 };

  snprintf(step.path, sizeof step.path, "%s", part->path);
  plan(skeleton->check, &step);
}

/* True if it is there.  SILENT: what is missing was told of already. */
static bool check_part(struct skeleton *skeleton, const struct part *part, bool silent)
{
  const struct queue *queue = skeleton->check->queue;
  struct stat st;

  if (look_at(queue->fd, part->path, &st) == -1) {
    if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
      cannot("look at", part->path);
    if (silent || accept_part(skeleton, part->path, "is missing"))
      plan_part(skeleton, part);
    return false;
  }
  if ((st.st_mode & S_IFMT) != type_of(part->verb)
      || (part->verb == PLAIN && part->size >= 0 && st.st_size != part->size)) {
    if (accept_part(skeleton, part->path, (st.st_mode & S_IFMT) != type_of(part->verb)
                    ? "is of the wrong type" : "has not the size that it must have")) {
      plan_loss(skeleton->check, part->path, "it is not what belongs there");
      plan_part(skeleton, part);
    }
    return false;
  }
  if ((st.st_uid != queue->ids.user[part->owner] || st.st_gid != queue->ids.group
       || (st.st_mode & 07777) != part->mode)
      && accept_part(skeleton, part->path, "has the wrong owner, group or mode"))
    plan_owner(skeleton->check, part->path, part->owner, NULL, part->mode);
  return true;
}

static void check_lock_part(struct skeleton *skeleton, const char *lock, const struct part *below)
{
  struct part part = *below;
  char path[PATH_BYTES];

  snprintf(path, sizeof path, "%s/%s", lock, below->path);
  part.path = path;
  check_part(skeleton, &part, false);
}

static void check_kind(struct skeleton *skeleton, enum kind kind)
{
  const struct layout found = skeleton->check->queue->found;
  const struct layout wanted = skeleton->check->queue->wanted;
  struct part part = { rules[kind].name, FOLDER, rules[kind].owner, rules[kind].folder_mode, -1 };
  bool there = check_part(skeleton, &part, false), is_new;
  char path[PATH_BYTES];

  for (unsigned i = 0; is_split(kind, wanted) && i < wanted.split; i++) {
    is_new = !there || i >= found.split || !is_split(kind, found);
    snprintf(path, sizeof path, "%s/%u", rules[kind].name, i);
    part.path = path;
    check_part(skeleton, &part, is_new);
  }
}

/* What is in FOLDER, "" the queue itself, and is not for qmail. */
static void check_strangers(struct skeleton *skeleton, const char *folder,
                            bool is_known(const char *name, const struct stat *st))
{
  struct check *check = skeleton->check;
  int fd = open_folder(check->queue->fd, folder, O_RDONLY);
  DIR *stream = fd == -1 ? NULL : fdopendir(fd);
  struct dirent *entry;
  struct stat top, st;
  char path[PATH_BYTES], shown[ESCAPED_BYTES];

  if (!stream || fstat(fd, &top) == -1)
    return;
  while ((entry = readdir(stream))) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0
        || fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1
        || st.st_dev != top.st_dev || is_known(entry->d_name, &st))
      continue;
    snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
    if (accept(check->report, UNSAFE, "%s: is not for qmail.",
               escape(shown, without_work(path))))
      plan_loss(check, path, "it is not for qmail");
  }
  closedir(stream);
}

static bool is_known_in_queue(const char *name, const struct stat *st)
{
  static const char *const known[] = { PID, LOCK, LOST_FOUND, WORK };

  (void) st;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i]) == 0)
      return true;
  for (int kind = 0; kind < KINDS; kind++)
    if (strcmp(name, rules[kind].name) == 0)
      return true;
  return false;
}

static bool is_known_in_lock(const char *name, const struct stat *st)
{
  (void) st;
  for (int i = 0; i < LOCK_PARTS; i++)
    if (strcmp(name, lock_parts[i].path) == 0)
      return true;
  return false;
}

/* qmail-queue's first files are of any name; qmail-clean removes the old ones. */
static bool is_known_in_pid(const char *name, const struct stat *st)
{
  (void) name;
  return S_ISREG(st->st_mode);
}

bool check_skeleton(struct check *check)
{
  const char *pid = check->door_is_closed ? PID_ASIDE : PID;
  const char *lock = check->door_is_closed ? LOCK_ASIDE : LOCK;
  struct skeleton skeleton = { .check = check, .accepted = true };

  check_part(&skeleton, &(struct part) { ".", FOLDER, QMAILQ, 0750, -1 }, false);
  check_part(&skeleton, &(struct part) { lock, FOLDER, QMAILQ, 0750, -1 }, false);
  for (int i = 0; i < LOCK_PARTS; i++)
    check_lock_part(&skeleton, lock, &lock_parts[i]);
  for (int kind = 0; kind < KINDS; kind++)
    check_kind(&skeleton, kind);
  check_part(&skeleton, &(struct part) { pid, FOLDER, QMAILQ, 0700, -1 }, false);
  check_strangers(&skeleton, "", is_known_in_queue);
  check_strangers(&skeleton, lock, is_known_in_lock);
  check_strangers(&skeleton, pid, is_known_in_pid);
  return skeleton.accepted;
}
