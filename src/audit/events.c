/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a stop at a system call to what it means; here: changes of names. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "arguments.h"
#include "bytes.h"
#include "changes.h"
#include "contents.h"
#include "events.h"
#include "flushes.h"
#include "listeners.h"
#include "mappings.h"
#include "memory.h"
#include "notes.h"

static bool find_named(struct task *task, int directory, int path_number, struct place *place)
{
  char path[PATH_MAX];

  return read_path(task, path_number, path)
      && find_place(task->thread, descriptor(task, directory), path, place);
}

static int open_flags(struct task *task)
{
  struct open_how how = { 0 };

  if (strcmp(task->call->name, "creat") == 0)
    return O_CREAT | O_WRONLY | O_TRUNC;
  if (strcmp(task->call->name, "openat2") != 0)
    return (int) argument(task, task->call->flags);
  /* The flags are the first of its members. */
  task->blind = !read_memory(task->thread, argument(task, 2), &how.flags, sizeof how.flags);
  return (int) how.flags;
}

/* Whether the file is there already.  If it is, only O_TRUNC does anything to it. */
static bool begin_open(struct task *task)
{
  char path[PATH_MAX];
  int found;

  task->flags = open_flags(task);
  if (task->blind)
    return true;
  if (!(task->flags & (O_CREAT | O_TRUNC)) || (task->flags & O_TMPFILE) == O_TMPFILE)
    return false;
  if (!read_path(task, task->call->path, path)) {
    task->blind = true;
    return true;
  }
  found = open_theirs(task->thread, descriptor(task, task->call->directory), path,
                      !(task->flags & (O_NOFOLLOW | O_EXCL)));
  /* A magic link that leads past a name: what it leads to is there. */
  task->was_there = found != -1 || errno == ELOOP;
  task->before.st_size = 0;
  if (found != -1) {
    fstat(found, &task->before);
    close(found);
  }
  return !task->was_there || task->flags & O_TRUNC;
}

static void begin_change(struct task *task)
{
  const struct call *call = task->call;

  if (call->deed == LINKS || call->deed == RENAMES) {
    task->blind = !find_named(task, call->new_directory, call->new_path, &task->new_place);
    task->was_there = !task->blind
                   && fstatat(task->new_place.directory, task->new_place.name, &task->replaced,
                              AT_SYMLINK_NOFOLLOW)
                        == 0;
  }
  if (call->deed == LINKS)
    return;
  if (!find_named(task, call->directory, call->path, &task->place))
    task->blind = true;
  if (task->blind || (call->deed != REMOVES && call->deed != RENAMES))
    return;
  if (fstatat(task->place.directory, task->place.name, &task->before, AT_SYMLINK_NOFOLLOW) == -1)
    task->before.st_ino = 0;
  task->flags = (int) argument(task, call->flags);
  /* Two names of one file: rename(2) does nothing. */
  if (call->deed == RENAMES && task->was_there && task->replaced.st_ino == task->before.st_ino
      && task->replaced.st_dev == task->before.st_dev)
    task->before.st_ino = 0;
}

/* clone3(2) has them in memory, as the first of its members. */
static uint64_t clone_flags(struct task *task)
{
  uint64_t flags = 0;

  if (strcmp(task->call->name, "clone3") != 0)
    return argument(task, FLAGS_OF_CLONE);
  return read_memory(task->thread, argument(task, 0), &flags, sizeof flags) ? flags : 0;
}

/* Calls that would hide others from us. */
static void note_hidden(struct task *task)
{
  const char *command = task->process->command;
  uint64_t request = argument(task, 0);

  if (task->call->deed == SETS_UP_RING)
    take_note(refuse_call(task->thread) ? RING_REFUSED : RING_NOT_REFUSED, command);
  if (task->call->deed == SUBMITS)
    take_note(ASYNCHRONOUS, command);
  if (task->call->deed == SUPERVISES)
    take_note(SUPERVISED, command);
  if (task->call->deed == CLONES && clone_flags(task) & CLONE_UNTRACED)
    take_note(UNTRACED, command);
  if (task->call->deed == TRACES
      && (request == PTRACE_TRACEME || request == PTRACE_ATTACH || request == PTRACE_SEIZE))
    take_note(TRACING_FAILED, command);
}

bool begin_call(struct task *task)
{
  /* Whoever tells or flushes anything does that with what is stored by now. */
  look_at_mappings();
  task->began = now();
  task->blind = false;
  task->was_there = false;
  task->flags = 0;
  switch (task->call->deed) {
    case OPENS: return begin_open(task);
    case LINKS:
    case SYMLINKS:
    case RENAMES:
    case REMOVES:
    case MAKES: begin_change(task); return true;
    case WRITES:
    case SENDS: return begin_write(task, descriptor(task, task->call->fd));
    case CHANGES:
    case MAPS: change_by_descriptor(task); return false;
    case CHANGES_BY_NAME: change_by_name(task); return false;
    case SYNCS_FILE:
    case SYNCS_FILESYSTEM: return begin_sync(task);
    case SYNCS_RANGE: return begin_range(task);
    case SYNCS_MAPPING: return stat_mapping(task->thread, argument(task, 0), &task->before);
    case SYNCS_ALL: return true;
    case SENDS_BY_NUMBER: send_by_number(task); return false;
    case TELLS: tell_by_message(task); return false;
    case SIGNALS: tell_by_signal(task); return false;
    case SHARES_MEMORY: task->process->shares_memory = true; return false;
    default: note_hidden(task); return false;
  }
}

/* A draft of the change that TASK has made at PLACE.  False if it is on a filesystem on
 * which nothing lasts, or if the name is not there any more. */
static bool draft_change(struct task *task, const struct place *place, enum kind kind,
                         struct change *draft, const struct stat *st)
{
  char link[64], path[PATH_MAX];
  struct stat parent;

  if (fstat(place->directory, &parent) == -1)
    return false;
  snprintf(link, sizeof link, "/proc/self/fd/%d", place->directory);
  memset(draft, 0, sizeof *draft);
  draft->directory = find_file(link, &parent);
  if (draft->directory->filesystem->in_memory) {
    changes_in_memory++;
    return false;
  }
  path_of(place->directory, path);
  draft->path = allocate(strlen(path) + strlen(place->name) + 2);
  sprintf(draft->path, "%s%s%s", path, strcmp(path, "/") == 0 ? "" : "/", place->name);
  draft->kind = kind;
  draft->call = task->call->name;
  draft->by = task->process;
  draft->thread = task->thread;
  snprintf(draft->command, sizeof draft->command, "%s", task->process->command);
  draft->entry = find_name(draft->directory, place->name);
  draft->replaced = task->was_there;
  /* A new inode may have the number of one that is gone. */
  draft->file = kind == CREATED || kind == MADE_DIRECTORY || kind == SYMLINKED || kind == MADE_NODE
                ? new_file(link, st)
                : find_file(link, st);
  draft->stack = read_stack(task->process->pid, task->thread);
  return true;
}

/* What the name leads to now.  False if others have already taken it away. */
static bool stat_place(const struct place *place, struct stat *st)
{
  return fstatat(place->directory, place->name, st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void end_open(struct task *task)
{
  int fd = (int) task->registers.result;
  struct change draft;
  struct stat st;

  if (!stat_theirs(task, fd, &st) || !S_ISREG(st.st_mode))
    return;
  if (task->was_there) {
    truncate_at_open(task, fd, &st);
    return;
  }
  if (!find_place_of_descriptor(task->thread, fd, &task->place)) {
    /* Removed meanwhile by somebody else: nobody misses it. */
    if (st.st_nlink > 0)
      take_note(NOT_FOUND_AGAIN, task->process->command);
    return;
  }
  if (draft_change(task, &task->place, CREATED, &draft, &st))
    add_change(&draft, NULL);
}

static void end_rename(struct task *task)
{
  struct stat st, parent;
  struct change draft;
  char link[64], path[PATH_MAX];
  struct file *old_directory;

  if (task->before.st_ino == 0)
    return;
  if (!stat_place(&task->new_place, &st))
    st = task->before;
  if (fstat(task->place.directory, &parent) == -1
      || !draft_change(task, &task->new_place, RENAMED, &draft, &st))
    return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", task->place.directory);
  old_directory = find_file(link, &parent);
  path_of(task->place.directory, path);
  draft.old_path = allocate(strlen(path) + strlen(task->place.name) + 2);
  sprintf(draft.old_path, "%s/%s", path, task->place.name);
  add_change(&draft, find_name(old_directory, task->place.name));
  if (task->was_there && task->replaced.st_nlink == 1 && !(task->flags & RENAME_EXCHANGE))
    drop_write(find_file(link, &task->replaced));
  /* The other half of an exchange. */
  if (task->flags & RENAME_EXCHANGE && stat_place(&task->place, &st)
      && draft_change(task, &task->place, RENAMED, &draft, &st))
    add_change(&draft, NULL);
}

static void end_change(struct task *task)
{
  const struct place *place = task->call->deed == LINKS ? &task->new_place : &task->place;
  enum kind kind = task->call->deed == LINKS    ? LINKED
                 : task->call->deed == SYMLINKS ? SYMLINKED
                                                : MADE_NODE;
  struct change draft;
  struct stat st;

  if (task->call->deed == REMOVES) {
    if (task->before.st_ino == 0 || !draft_change(task, place, REMOVED, &draft, &task->before))
      return;
    if (task->before.st_nlink == 1)
      drop_write(draft.file);
    draft.other_names = !S_ISDIR(task->before.st_mode) && task->before.st_nlink > 1;
    add_removal(&draft);
    return;
  }
  if (!stat_place(place, &st))
    return;
  if (S_ISDIR(st.st_mode))
    kind = MADE_DIRECTORY;
  if (draft_change(task, place, kind, &draft, &st))
    add_change(&draft, NULL);
}

void end_call(struct task *task)
{
  bool failed = task->registers.result < 0;

  if (!failed && task->blind)
    take_note(UNREADABLE, task->process->command);
  else if (!failed)
    switch (task->call->deed) {
      case OPENS: end_open(task); break;
      case RENAMES: end_rename(task); break;
      case LINKS:
      case SYMLINKS:
      case REMOVES:
      case MAKES: end_change(task); break;
      case SYNCS_ALL: flush_all(task->began); break;
      case WRITES:
      case SYNCS_FILE:
      case SYNCS_RANGE:
      case SYNCS_MAPPING:
      case SYNCS_FILESYSTEM: end_sync(task); break;
      default: break;
    }
  else if (task->call->deed == WRITES && task->registers.result == -EIO)
    change_by_descriptor(task);
  leave_place(&task->place);
  leave_place(&task->new_place);
}
