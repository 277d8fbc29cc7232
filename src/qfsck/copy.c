/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies messages from queue to queue, and trees of files as a whole. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "copy.h"
#include "listing.h"

static void copy_bytes(int from, int to, const char *path)
{
  static char bytes[1 << 17];
  ssize_t length, written;

  while ((length = read(from, bytes, sizeof bytes)) > 0) {
    end_if_stopped();
    for (ssize_t done = 0; done < length; done += written) {
      written = write(to, bytes + done, (size_t) (length - done));
      if (written == -1)
        cannot("write", path);
    }
  }
  if (length == -1)
    cannot("read", path);
}

uint64_t copy_file(const struct queue *from, const char *path, const struct queue *to,
                   const char *new_path)
{
  int in = open_below(from->fd, path, O_RDONLY);
  int out = in == -1 ? -1 : open_below(to->fd, new_path, O_WRONLY | O_CREAT | O_EXCL);
  struct stat st, copy;

  if (out == -1)
    cannot("copy", path);
  if (fstat(in, &st) == -1 || fstat(out, &copy) == -1)
    cannot("look at", path);
  copy_bytes(in, out, path);
  if (fchown(out, st.st_uid, st.st_gid) == -1 || fchmod(out, st.st_mode & 07777) == -1
      || futimens(out, (struct timespec[]) { st.st_atim, st.st_mtim }) == -1)
    cannot("set owner, mode and times of", new_path);
  if (close(out) == -1)
    cannot("write", new_path);
  close(in);
  return copy.st_ino;
}

uint64_t copy_message(const struct scan *from, const struct message *message,
                      const struct queue *to)
{
  static const char unnamed[] = WORK "/" COPY "0";
  char path[PATH_BYTES], new_path[PATH_BYTES], todo[PATH_BYTES];
  uint64_t number;

  place_of(path, from, MESS, message);
  number = copy_file(from->queue, path, to, unnamed);
  path_of(new_path, to->wanted, MESS, number);
  if (renameat(to->fd, unnamed, to->fd, new_path) == -1)
    cannot("rename", unnamed);
  for (int kind = MESS + 1; kind < KINDS; kind++) {
    if (!(has(message->has, kind)))
      continue;
    place_of(path, from, kind, message);
    path_of(new_path, to->wanted, kind, number);
    if (kind == INTD && message->marks & INTD_IS_TODO) {
      path_of(todo, to->wanted, TODO, number);
      if (linkat(to->fd, todo, to->fd, new_path, 0) == -1)
        cannot("link", new_path);
    } else {
      copy_file(from->queue, path, to, new_path);
    }
  }
  return number;
}

unsigned long long bytes_needed(const struct scan *from)
{
  unsigned long long bytes = 1 << 20; /* the directories, the journal */
  char path[PATH_BYTES];
  struct stat st;

  for (size_t i = 0; i < from->messages.count; i++)
    for (int kind = 0; kind < KINDS; kind++) {
      const struct message *message = &from->messages.at[i];

      if (!(has(message->has, kind)))
        continue;
      place_of(path, from, kind, message);
      if (look_at(from->queue->fd, path, &st) == 0)
        bytes += (unsigned long long) st.st_blocks * 512;
    }
  return bytes;
}

static const char *const not_messages[] = { "lock", "pid", LOST_FOUND, WORK, NULL };

/* Calls VISIT for each name below FOLDER, a directory after what is in it. */
typedef void visitor(int folder, const char *name, bool is_folder, void *more);

static void walk(int fd, const char *const kept[], visitor *visit, void *more)
{
  struct listing names = list_open(fd, "a directory of the new queue");
  struct stat st;

  for (struct dirent *entry; (entry = next_name(&names));) {
    bool skip = false;

    for (size_t i = 0; kept && kept[i]; i++)
      skip = skip || strcmp(entry->d_name, kept[i]) == 0;
    if (skip)
      continue;
    if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1)
      cannot("look at", entry->d_name);
    if (S_ISDIR(st.st_mode)) {
      int below = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

      if (below == -1)
        cannot("read the directory", entry->d_name);
      walk(below, NULL, visit, more);
    }
    visit(fd, entry->d_name, S_ISDIR(st.st_mode), more);
  }
}

static void walk_below(int folder, const char *const kept[], visitor *visit, void *more)
{
  int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd == -1)
    cannot("read", "the new queue");
  walk(fd, kept, visit, more);
}

static void remove_file(int folder, const char *name, bool is_folder, void *more)
{
  (void) more;
  if (!is_folder && unlinkat(folder, name, 0) == -1)
    cannot("remove from the unfinished copy", name);
}

void remove_files(int folder)
{
  walk_below(folder, not_messages, remove_file, NULL);
}

static void flush_name(int folder, const char *name, bool is_folder, void *more)
{
  struct stat st;
  int fd;

  (void) is_folder;
  (void) more;
  if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISFIFO(st.st_mode))
    return;
  fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd == -1 || fsync(fd) == -1)
    cannot("flush", name);
  close(fd);
}

/* syncfs writes all files at once.  Then each is flushed, which is cheap by now: on some
 * filesystems syncfs alone is not enough. */
void flush_tree(int folder)
{
  if (syncfs(folder) == -1)
    cannot("flush", "the new queue");
  walk_below(folder, NULL, flush_name, NULL);
  if (fsync(folder) == -1)
    cannot("flush", "the new queue");
}

static void count_file(int folder, const char *name, bool is_folder, void *more)
{
  (void) folder;
  (void) name;
  if (!is_folder)
    ++*(unsigned long *) more;
}

bool has_no_files(int folder)
{
  unsigned long files = 0;

  walk_below(folder, not_messages, count_file, &files);
  return files == 0;
}
