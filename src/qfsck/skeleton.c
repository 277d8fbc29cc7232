/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories of a queue and the files in lock, as hier.c has them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attributes.h"
#include "door.h"
#include "listing.h"
#include "skeleton.h"

/* What belongs at PATH. */
struct part {
  const char *path;
  enum verb verb; /* FOLDER, PLAIN or FIFO: makes it */
  enum user owner;
  mode_t mode;
  off_t size; /* of a plain file; -1: any */
};

/* Below lock. */
static const struct part lock_parts[] = {
  { "sendmutex", PLAIN, QMAILS, 0600, -1 },
  { "tcpto", PLAIN, QMAILR, 0644, 1024 },
  { "trigger", FIFO, QMAILS, 0622, -1 },
};
enum { LOCK_PARTS = sizeof lock_parts / sizeof *lock_parts };

struct skeleton {
  struct check *check;
  struct once once;
  bool is_blocked; /* a directory stays missing or wrong: nothing else can be repaired */
};

/* The name that the administrator knows: he need not see that pid and lock are set aside. */
static const char *without_work(const char *path)
{
  const char *below = after_folder(path, WORK);

  return below ? below : path;
}

static bool accept_part(struct skeleton *skeleton, const struct part *part, enum problem problem,
                        const char *detail)
{
  bool accepted = accept_once(skeleton->check->report, &skeleton->once, problem,
                              without_work(part->path), detail);

  skeleton->is_blocked = skeleton->is_blocked || (!accepted && part->verb == FOLDER);
  return accepted;
}

static mode_t type_of(enum verb verb)
{
  return verb == FOLDER ? S_IFDIR : verb == PLAIN ? S_IFREG : S_IFIFO;
}

static const char *name_of_type(mode_t type)
{
  switch (type & S_IFMT) {
    case S_IFREG: return "a regular file";
    case S_IFDIR: return "a directory";
    case S_IFLNK: return "a symbolic link";
    case S_IFIFO: return "a fifo";
    case S_IFSOCK: return "a socket";
    default: return "a device";
  }
}

static void plan_part(struct skeleton *skeleton, const struct part *part)
{
  const struct ids *ids = &skeleton->check->queue->ids;
  struct step step = { .verb = part->verb,
                       .uid = ids->user[part->owner],
                       .gid = ids->group,
                       .mode = part->mode,
                       .number = part->size > 0 ? (uint64_t) part->size : 0 };

  snprintf(step.path, sizeof step.path, "%s", part->path);
  plan_step(&skeleton->check->plan, &step);
}

/* A stray with this path is reported here, and nowhere else. */
static void settle_stray(const struct scan *scan, const char *path)
{
  for (size_t i = 0; i < scan->stray_count; i++)
    if (strcmp(scan->strays[i].path, path) == 0)
      scan->strays[i].settled = true;
}

/* Moves away what is there, and makes what belongs there. */
static void replace_part(struct skeleton *skeleton, const struct part *part,
                         const struct look *found, enum problem problem, const char *detail)
{
  settle_stray(&skeleton->check->scan, part->path);
  if (found->is_fixed) {
    accept_part(skeleton, part, FIXED_FILE, "");
    return;
  }
  if (!accept_part(skeleton, part, problem, detail))
    return;
  plan_loss(&skeleton->check->plan, part->path, problems[problem].why);
  plan_part(skeleton, part);
}

/* Whether a message's file lies where a directory belongs.  It will be moved to its place. */
static bool is_file_of_message(const struct skeleton *skeleton, const char *path)
{
  const struct scan *scan = &skeleton->check->scan;
  const char *slash = strchr(path, '/');
  bool plain;
  uint64_t number = slash ? number_of(slash + 1, &plain) : 0;
  const struct message *message = number ? find_message(&scan->messages, number) : NULL;
  char place[PATH_BYTES];

  for (int kind = 0; message && kind < KINDS; kind++)
    if (has(message->has, kind)) {
      place_of(place, scan, kind, message);
      if (strcmp(place, path) == 0)
        return true;
    }
  return false;
}

/* Whether the scan has reported it already. */
static bool is_told(const struct skeleton *skeleton, const char *path)
{
  const struct scan *scan = &skeleton->check->scan;

  for (size_t i = 0; i < scan->obstacle_count; i++)
    if (strcmp(scan->obstacles[i].path, path) == 0)
      return true;
  return false;
}

static void check_attributes(struct skeleton *skeleton, const struct part *part,
                             const struct look *found)
{
  char detail[ATTRIBUTES_BYTES];

  if (!tell_attributes(detail, skeleton->check->queue, part->owner, false, part->mode, &found->st))
    return;
  if (found->is_fixed)
    accept_part(skeleton, part, FIXED_FILE, "");
  else if (accept_part(skeleton, part, WRONG_ATTRIBUTES, detail))
    plan_owner(&skeleton->check->plan, part->path, part->owner, NULL, part->mode);
}

/* True if it is there.  SILENT: that it is missing was reported already. */
static bool check_part(struct skeleton *skeleton, const struct part *part, bool silent)
{
  const char *name;
  int holder = open_holder(skeleton->check->queue->fd, part->path, &name);
  char detail[ATTRIBUTES_BYTES];
  struct look found;
  int result = holder == -1 ? -1 : look(holder, name, &found);

  if (result == -1 && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    cannot("look at", part->path);
  if (holder != -1)
    close(holder);
  if (result == -1
      || (part->verb == FOLDER && S_ISREG(found.st.st_mode)
          && is_file_of_message(skeleton, part->path))) {
    if (silent || accept_part(skeleton, part, MISSING, ""))
      plan_part(skeleton, part);
    return false;
  }
  if (found.is_mount && strcmp(part->path, ".") != 0) {
    skeleton->is_blocked = true;
    if (!is_told(skeleton, part->path))
      accept(skeleton->check->report, MOUNT_POINT, without_work(part->path), "");
  } else if (found.is_fixed && S_ISDIR(found.st.st_mode) && strcmp(part->path, ".") != 0) {
    skeleton->is_blocked = true;
    if (!is_told(skeleton, part->path))
      accept(skeleton->check->report, FIXED_FILE, without_work(part->path), "");
  } else if ((found.st.st_mode & S_IFMT) != type_of(part->verb)) {
    snprintf(detail, sizeof detail, "%s; expected %s", name_of_type(found.st.st_mode),
             name_of_type(type_of(part->verb)));
    replace_part(skeleton, part, &found, WRONG_TYPE, detail);
  } else if (part->verb == PLAIN && found.st.st_nlink != 1) {
    replace_part(skeleton, part, &found, LINKED_PART, "");
  } else if (part->verb == PLAIN && part->size >= 0 && found.st.st_size != part->size) {
    snprintf(detail, sizeof detail, "%lld bytes; expected %lld", (long long) found.st.st_size,
             (long long) part->size);
    replace_part(skeleton, part, &found, WRONG_SIZE, detail);
  } else {
    check_attributes(skeleton, part, &found);
    return true;
  }
  return false;
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
    end_if_stopped();
    is_new = !there || i >= found.split || !is_split(kind, found);
    snprintf(path, sizeof path, "%s/%u", rules[kind].name, i);
    part.path = path;
    check_part(skeleton, &part, is_new);
  }
}

/* Reports what is in FOLDER ("": the queue itself) and does not belong there. */
static void check_strangers(struct skeleton *skeleton, const char *folder,
                            bool is_known(const char *name, const struct stat *st))
{
  struct check *check = skeleton->check;
  struct listing names = list_folder(check->queue->fd, folder);
  char path[PATH_BYTES];
  struct look found;

  for (struct dirent *entry; (entry = next_name(&names));) {
    snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
    if (look(dirfd(names.stream), entry->d_name, &found) == -1) {
      if (errno != ENOENT)
        accept(check->report, UNKNOWN_FILE, without_work(path), strerror(errno));
    } else if (!is_known(entry->d_name, &found.st)) {
      enum problem problem = found.is_mount || found.st.st_dev != check->queue->device ? MOUNT_POINT
                           : found.is_fixed                                            ? FIXED_FILE
                                                                                       : STRANGER;

      if (accept(check->report, problem, without_work(path), ""))
        plan_loss(&check->plan, path, problems[problem].why);
    }
  }
}

bool belongs_in_queue(const char *name)
{
  static const char *const known[] = { PID, LOCK, LOST_FOUND, WORK };

  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i]) == 0)
      return true;
  for (int kind = 0; kind < KINDS; kind++)
    if (strcmp(name, rules[kind].name) == 0)
      return true;
  return false;
}

static bool is_known_in_queue(const char *name, const struct stat *st)
{
  (void) st;
  return belongs_in_queue(name);
}

static bool is_known_in_lock(const char *name, const struct stat *st)
{
  (void) st;
  for (int i = 0; i < LOCK_PARTS; i++)
    if (strcmp(name, lock_parts[i].path) == 0)
      return true;
  return false;
}

/* If the journal was lost, other files here are messages' that were waiting for a name. */
static bool is_known_in_work(const char *name, const struct stat *st)
{
  return strcmp(name, "pid") == 0 || strcmp(name, "lock") == 0 || strcmp(name, "journal") == 0
      || (S_ISREG(st->st_mode) && strncmp(name, COPY, sizeof COPY - 1) == 0);
}

/* The files that qmail-queue makes here have any name; qmail-clean removes old ones. */
static bool is_known_in_pid(const char *name, const struct stat *st)
{
  (void) name;
  return S_ISREG(st->st_mode);
}

bool check_skeleton(struct check *check)
{
  const char *pid = place_of_door(check->queue, PID, PID_ASIDE);
  const char *lock = place_of_door(check->queue, LOCK, LOCK_ASIDE);
  struct skeleton skeleton = { .check = check };

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
  check_strangers(&skeleton, WORK, is_known_in_work);
  return !skeleton.is_blocked;
}
