/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a call does to the bytes of files: writes and flushes; and what it tells by them. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "arguments.h"
#include "bytes.h"
#include "contents.h"
#include "flushes.h"
#include "listeners.h"
#include "mappings.h"
#include "memory.h"
#include "notes.h"
#include "stack.h"

enum {
  WHOLE_RANGE = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER
};

/* The model's file of descriptor FD; NULL if it is not a regular file. */
static struct file *file_of(struct task *task, int fd, const struct stat *st)
{
  char path[64];

  if (!S_ISREG(st->st_mode))
    return NULL;
  snprintf(path, sizeof path, "/proc/%d/fd/%d", (int) task->thread, fd);
  return find_file(path, st);
}

/* Whether what the call writes is durable when it returns. */
static bool writes_through(struct task *task, int fd)
{
  enum { RWF_FLAGS = 5, SYNC_ALONE = O_SYNC & ~O_DSYNC };
  int flags = descriptor_flags(task->thread, fd);
  uint64_t more = strcmp(task->call->name, "pwritev2") == 0 ? task->registers.arguments[RWF_FLAGS]
                                                            : 0;

  task->data_alone = !(flags & SYNC_ALONE || more & RWF_SYNC);
  return flags & O_DSYNC || more & (RWF_DSYNC | RWF_SYNC);
}

/* The whole path of the open file that LINK, in /proc, leads to. */
static char *path_behind(const char *link)
{
  char path[PATH_MAX];
  ssize_t length = readlink(link, path, sizeof path - 1);

  path[length > 0 ? length : 0] = '\0';
  return copy_string(length > 0 ? path : "?");
}

static void complete_draft(const struct task *task, const char *link, struct change *draft)
{
  draft->path = path_behind(link);
  draft->stack = read_stack(task->process->pid, task->thread);
  memcpy(draft->command, task->process->command, sizeof draft->command);
}

/* What is stored there will be a change. */
static void map_file(const struct task *task, const char *link, const struct stat *st,
                     const struct change *change)
{
  struct change draft = *change;

  if (st->st_nlink == 0)
    return;
  draft.mapped = false;
  complete_draft(task, link, &draft);
  add_mapping(&draft, st);
  free(draft.path);
}

enum how { WRITE, TRUNCATE, MAP };

/* TASK changes the file ST, to which LINK leads. */
static void change_file(struct task *task, const char *link, const struct stat *st, enum how how)
{
  struct file *file = find_file(link, st);
  struct change draft = { .kind = WRITTEN,
                          .call = task->call->name,
                          .by = task->process,
                          .thread = task->thread,
                          .file = file,
                          .truncated = how == TRUNCATE,
                          .mapped = how == MAP };

  if (how == MAP && file->filesystem->stores_seen) {
    map_file(task, link, st, &draft);
    return;
  }
  if (file->filesystem->in_memory && how == MAP)
    task->process->shares_memory = true;
  else if (file->filesystem->in_memory && !file->written)
    changes_in_memory++;
  if (file_written(file, task->process, task->thread, how == MAP) || st->st_nlink == 0)
    return;
  complete_draft(task, link, &draft);
  add_write(&draft);
}

static void change_descriptor(struct task *task, int fd, const struct stat *st, enum how how)
{
  char link[64];

  if (!S_ISREG(st->st_mode))
    return;
  snprintf(link, sizeof link, "/proc/%d/fd/%d", (int) task->thread, fd);
  change_file(task, link, st, how);
}

void truncate_at_open(struct task *task, int fd, const struct stat *st)
{
  if (task->before.st_size > 0)
    change_descriptor(task, fd, st, TRUNCATE);
}

bool begin_write(struct task *task, int fd)
{
  struct file *file;

  if (!stat_theirs(task, fd, &task->before))
    return false;
  file = file_of(task, fd, &task->before);
  if (!file) {
    tell_through(task, fd, &task->before);
    return false;
  }
  /* Bytes that were there before are not made durable by it. */
  if (!file->written && writes_through(task, fd))
    return true;
  change_descriptor(task, fd, &task->before, WRITE);
  return false;
}

void note_given(pid_t process)
{
  char path[64];
  struct dirent *entry;
  struct stat st;
  DIR *folder;

  snprintf(path, sizeof path, "/proc/%d/fd", (int) process);
  folder = opendir(path);
  while (folder && (entry = readdir(folder))) {
    snprintf(path, sizeof path, "/proc/%d/fd/%.20s", (int) process, entry->d_name);
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
      find_file(path, &st)->given = true;
  }
  if (folder)
    closedir(folder);
}

bool begin_sync(struct task *task)
{
  task->data_alone = strcmp(task->call->name, "fdatasync") == 0;
  return stat_theirs(task, descriptor(task, task->call->fd), &task->before);
}

bool begin_range(struct task *task)
{
  const uint64_t *at = task->registers.arguments;
  bool second = strcmp(task->call->name, "sync_file_range2") == 0;
  uint64_t offset, length, flags;

  if (is_32_bit(&task->registers)) {
    offset = second ? at[2] | at[3] : at[1] | at[2];
    length = second ? at[4] | at[5] : at[3] | at[4];
    flags = at[second ? 1 : 5];
  } else {
    offset = second ? at[2] : at[1];
    length = second ? at[3] : at[2];
    flags = second ? at[1] : at[3];
  }
  /* Length 0: to the end. */
  return flags == WHOLE_RANGE && offset == 0 && length == 0 && begin_sync(task);
}

/* Whether the call cuts the file down to nothing. */
static bool empties(const struct task *task, const struct stat *st)
{
  return st->st_size > 0 && strstr(task->call->name, "truncate") && argument(task, 1) == 0
      && (!is_32_bit(&task->registers) || !strstr(task->call->name, "64")
          || (argument(task, 2) == 0 && argument(task, 3) == 0));
}

/* Whether the call changes nothing that anybody reads: it cuts the file to the length that it
 * has, or only makes room behind its end.  RocksDB and others do both. */
static bool changes_room_alone(const struct task *task, const struct stat *st)
{
  if (is_32_bit(&task->registers))
    return false;
  if (strstr(task->call->name, "truncate"))
    return argument(task, 1) == (uint64_t) st->st_size;
  return strcmp(task->call->name, "fallocate") == 0 && argument(task, 1) == FALLOC_FL_KEEP_SIZE;
}

void change_by_name(struct task *task)
{
  char path[PATH_MAX], link[64];
  struct stat st;
  int fd;

  if (!read_path(task, 0, path))
    return;
  fd = open_theirs(task->thread, AT_FDCWD, path, true);
  if (fd == -1)
    return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && !changes_room_alone(task, &st))
    change_file(task, link, &st, empties(task, &st) ? TRUNCATE : WRITE);
  close(fd);
}

/* Whether something can be stored into the mapping of FD: now, or once mprotect(2) allows it,
 * which it does if the file was opened for writing.  Of the latter it must be seen whether
 * anything is stored, for most programs only read there. */
static bool may_store(const struct task *task, int fd)
{
  char link[64];
  struct stat st;

  if (argument(task, 2) & PROT_WRITE)
    return true;
  snprintf(link, sizeof link, "/proc/%d/fd/%d", (int) task->thread, fd);
  return lstat(link, &st) == 0 && (st.st_mode & S_IWUSR)
      && filesystem_of(link, task->before.st_dev)->stores_seen;
}

void change_by_descriptor(struct task *task)
{
  int fd = descriptor(task, task->call->fd);

  if (fd < 0) {
    task->process->shares_memory |= task->call->deed == MAPS;
    return;
  }
  if (!stat_theirs(task, fd, &task->before) || changes_room_alone(task, &task->before)
      || (task->call->deed == MAPS && !may_store(task, fd)))
    return;
  change_descriptor(task, fd, &task->before,
                    task->call->deed == MAPS       ? MAP
                    : empties(task, &task->before) ? TRUNCATE
                                                   : WRITE);
}

void send_by_number(struct task *task)
{
  enum { SEND = 9, SENDTO = 11, SENDMSG = 16, SENDMMSG = 20 }; /* linux/net.h */
  uint64_t number = argument(task, 0);
  uint32_t fd;

  if (number != SEND && number != SENDTO && number != SENDMSG && number != SENDMMSG)
    return;
  if (!read_memory(task->thread, argument(task, 1), &fd, sizeof fd))
    take_note(UNREADABLE, task->process->command);
  else if (stat_theirs(task, (int) fd, &task->before))
    tell_through(task, (int) fd, &task->before);
}

void end_sync(struct task *task)
{
  char path[64];
  struct file *file;

  snprintf(path, sizeof path, "/proc/%d/fd/%d", (int) task->thread,
           descriptor(task, task->call->fd));
  file = find_file(path, &task->before);
  switch (task->call->deed) {
    case SYNCS_RANGE: send_bytes(file, task->began); break;
    case SYNCS_FILESYSTEM:
      flush_filesystem(task->before.st_dev, mount_of(path), task->began);
      break;
    case SYNCS_MAPPING: flush_bytes(file, task->began); break;
    default:
      flush_file(file, task->began, task->data_alone);
      if (task->call->deed == WRITES && stat(path, &task->before) == 0)
        forgive_time(file, &task->before);
  }
}
