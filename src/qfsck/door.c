/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps others out: the lock of qmail-send, and a closed door for qmail-queue. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <syncdir.h>
#include <time.h>
#include <unistd.h>

#include "door.h"
#include "say.h"

/* The file that is locked already, which it is until the end of the process. */
static struct stat held;

/* Makes room for what must be at PATH before the queue can be locked. */
static void make_way(const struct queue *queue, const char *path, mode_t type)
{
  struct stat st;

  if (queue->takes_nothing_out && look_at(queue->fd, path, &st) == 0
      && (st.st_mode & S_IFMT) != type)
    fail("%s is of the wrong type, and is left as it is: -y repairs it; nothing was changed.",
         path);
  put_aside_unless(queue, path, type);
}

/* Where the directory lock is: a run that was interrupted, or is at work, has set it
 * aside. */
static const char *place_of_lock(const struct queue *queue)
{
  struct stat st;

  if (look_at(queue->fd, LOCK_ASIDE, &st) == 0 && S_ISDIR(st.st_mode))
    return LOCK_ASIDE;
  make_way(queue, LOCK, S_IFDIR);
  if (syncdir_mkdirat(queue->fd, LOCK, 0750) == -1 && errno != EEXIST)
    cannot("make the directory", LOCK);
  return LOCK;
}

/* By flock, as qmail-send does, and by fcntl too, as a qmail does that was built without
 * flock. */
static void lock_file(const struct queue *queue, int fd, const char *path)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  if (flock(fd, LOCK_EX | LOCK_NB) == 0
      && (fcntl(fd, F_OFD_SETLK, &whole) == 0 || (errno != EAGAIN && errno != EACCES)))
    return;
  if (errno == EWOULDBLOCK || errno == EACCES)
    fail("qmail-send, or another qfsck, is at work in %s: it holds %s.  Stop it first.",
         queue->path, path);
  cannot("lock", path);
}

/* Locks what qmail-send would open and lock, through any symlinks, before anything of the
 * wrong type is put out of the way. */
static void lock_what_qmail_locks(const struct queue *queue)
{
  static const char path[] = LOCK "/sendmutex";
  int there = openat(queue->fd, path, O_PATH | O_CLOEXEC), fd;
  char reopened[64];
  struct stat st;

  if (there == -1)
    return;
  /* A device is not opened, because that may have an effect. */
  if (fstat(there, &st) == 0 && S_ISREG(st.st_mode)) {
    snprintf(reopened, sizeof reopened, "/proc/self/fd/%d", there);
    fd = open(reopened, O_RDWR | O_CLOEXEC);
    if (fd == -1 && errno == ENOENT)
      fail("/proc is not mounted: who uses the queue is unknown without it; nothing was changed.");
    if (fd == -1)
      cannot("open", path);
    lock_file(queue, fd, path);
    held = st;
  }
  close(there);
}

void take_lock(const struct queue *queue)
{
  char path[PATH_BYTES];
  struct stat st;
  int fd;

  held = (struct stat) { .st_ino = 0 };
  lock_what_qmail_locks(queue);
  make_way(queue, LOST_FOUND, S_IFDIR);
  make_way(queue, WORK, S_IFDIR);
  snprintf(path, sizeof path, "%s/sendmutex", place_of_lock(queue));
  make_way(queue, path, S_IFREG);
  fd = open_below(queue->fd, path, O_RDWR | O_CREAT);
  if (fd == -1 || fstat(fd, &st) == -1)
    cannot("open", path);
  if (st.st_ino != held.st_ino || st.st_dev != held.st_dev)
    lock_file(queue, fd, path);
}

void close_door(const struct queue *queue, const char *name, const char *aside)
{
  if (move_name(queue->fd, name, aside) == -1 && errno != ENOENT)
    cannot("close the queue, by renaming", name);
}

void close_doors(const struct queue *queue)
{
  close_door(queue, PID, PID_ASIDE);
  close_door(queue, LOCK, LOCK_ASIDE);
}

static void open_door(const struct queue *queue, const char *aside, const char *name)
{
  struct stat st;

  if (look_at(queue->fd, aside, &st) == -1)
    return;
  put_aside_unless(queue, name, S_IFDIR);
  if (move_name(queue->fd, aside, name) == 0)
    return;
  /* Somebody has made a new one, which will do. */
  if (errno != EEXIST
      || move_name(queue->fd, aside, strcmp(name, PID) == 0 ? PID SUFFIX_ASIDE : LOCK SUFFIX_ASIDE)
           == -1)
    cannot("open the queue again, by renaming", aside);
}

void open_doors(const struct queue *queue)
{
  open_door(queue, LOCK_ASIDE, LOCK);
  open_door(queue, PID_ASIDE, PID);
  /* Nothing in it is needed any more, but it may not be empty. */
  syncdir_unlinkat(queue->fd, WORK, AT_REMOVEDIR);
}

const char *place_of_door(const struct queue *queue, const char *name, const char *aside)
{
  struct stat st;

  return look_at(queue->fd, aside, &st) == 0 ? aside : name;
}

bool is_closed(const struct queue *queue)
{
  struct stat st;

  return look_at(queue->fd, LOCK_ASIDE, &st) == 0 || look_at(queue->fd, PID_ASIDE, &st) == 0;
}

/* The last PARTS components of PATH; NULL if it has fewer. */
static const char *last_parts(const char *path, int parts)
{
  const char *end = path + strlen(path);

  while (end > path && parts > 0)
    if (*--end == '/' && --parts == 0)
      return end + 1;
  return NULL;
}

/* Whether the regular file ST, which a process has open as PATH, is one of the queue's.
 * The path may be one in another root directory or on another mount, but it ends as the
 * file's path below the queue does: pid/N, mess/N/N, or qfsck/ and one of these.  A mess
 * file is also looked for where its inode's number belongs, whatever the path says. */
static bool is_in_queue(const struct queue *queue, const char *path, const struct stat *st)
{
  enum { DEEPEST = 4 };
  bool plain;
  uint64_t number = number_of(strrchr(path, '/') + 1, &plain);
  char place[PATH_BYTES];
  struct stat found;
  const char *end;

  for (int parts = 2; parts <= DEEPEST && (end = last_parts(path, parts)); parts++)
    if (strlen(end) < PATH_BYTES && look_at(queue->fd, end, &found) == 0
        && found.st_ino == st->st_ino && found.st_dev == st->st_dev)
      return true;
  /* If only a part of the queue is mounted there, the path ends otherwise: try the
   * number. */
  for (int kind = 0; st->st_dev == queue->device && kind < KINDS; kind++) {
    path_of(place, queue->found, kind, kind == MESS ? st->st_ino : number);
    if (look_at(queue->fd, place, &found) == 0 && found.st_ino == st->st_ino)
      return true;
  }
  return false;
}

/* Whether the process has one of the queue's regular files open; its path is in PATH. */
static bool has_open(const struct queue *queue, const char *process, char path[PATH_MAX])
{
  char fds[64], link[64 + NAME_BYTES];
  struct dirent *entry;
  struct stat st;
  bool found = false;
  DIR *folder;

  snprintf(fds, sizeof fds, "/proc/%.20s/fd", process);
  folder = opendir(fds);
  if (!folder && errno != ENOENT && errno != ESRCH && errno != EINVAL)
    fail("cannot tell which files process %s has open: %s.  Run qfsck as root, where it sees "
         "all processes; nothing was changed.",
         process, strerror(errno));
  while (folder && !found && (entry = readdir(folder))) {
    ssize_t length;

    snprintf(link, sizeof link, "%s/%s", fds, entry->d_name);
    length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0 || *path != '/')
      continue;
    path[length] = '\0';
    found = stat(link, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink > 0
         && is_in_queue(queue, path, &st);
  }
  if (folder)
    closedir(folder);
  return found;
}

static bool is_quiet(const struct queue *queue, bool tell)
{
  char path[PATH_MAX], self[32];
  struct dirent *entry;
  bool quiet = true;
  DIR *proc = opendir("/proc");

  if (!proc)
    cannot("learn who uses the queue from", "/proc");
  snprintf(self, sizeof self, "%ld", (long) getpid());
  while (quiet && (entry = readdir(proc))) {
    if (*entry->d_name < '1' || *entry->d_name > '9' || strcmp(entry->d_name, self) == 0
        || !has_open(queue, entry->d_name, path))
      continue;
    quiet = false;
    if (tell)
      say("waiting for process %s, which has %s open.", entry->d_name, path);
  }
  closedir(proc);
  return quiet;
}

void wait_until_quiet(const struct queue *queue)
{
  const struct timespec pause = { .tv_nsec = 100000000 };

  for (bool tell = true; !is_quiet(queue, tell); tell = false) {
    end_if_stopped();
    nanosleep(&pause, NULL);
  }
}
