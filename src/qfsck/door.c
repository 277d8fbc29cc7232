/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alone at work: the lock of qmail-send, and a closed door for qmail-queue. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <syncdir.h>
#include <time.h>
#include <unistd.h>

#include "door.h"

/* Where the lock is: an interrupted run, or one at work, has it aside. */
static const char *place_of_lock(const struct queue *queue)
{
  struct stat st;

  if (look_at(queue->fd, LOCK_ASIDE, &st) == 0 && S_ISDIR(st.st_mode))
    return LOCK_ASIDE;
  put_aside_unless(queue, LOCK, S_IFDIR);
  if (syncdir_mkdirat(queue->fd, LOCK, 0750) == -1 && errno != EEXIST)
    cannot("make the directory", LOCK);
  return LOCK;
}

void take_lock(const struct queue *queue)
{
  char path[PATH_BYTES];
  const char *name;
  int holder, fd;

  put_aside_unless(queue, LOST_FOUND, S_IFDIR);
  put_aside_unless(queue, WORK, S_IFDIR);
  snprintf(path, sizeof path, "%s/sendmutex", place_of_lock(queue));
  put_aside_unless(queue, path, S_IFREG);
  holder = open_holder(queue->fd, path, &name);
  fd = holder == -1 ? -1 : syncdir_openat(holder, name, O_WRONLY | O_CREAT | O_NOFOLLOW
                                          | O_NONBLOCK | O_CLOEXEC, 0600);
  if (fd == -1)
    cannot("open", path);
  close(holder);
  if (flock(fd, LOCK_EX | LOCK_NB) == 0)
    return;
  if (errno == EWOULDBLOCK)
    fail("qmail-send, or another qfsck, is at work in %s: it holds %s.  Stop it first.",
         queue->path, path);
  cannot("lock", path);
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
  /* Somebody has made a new one, which serves as well. */
  if (errno != EEXIST
      || move_name(queue->fd, aside, strcmp(name, PID) == 0 ? PID SUFFIX_ASIDE
                                                            : LOCK SUFFIX_ASIDE) == -1)
    cannot("open the queue again, by renaming", aside);
}

void open_doors(const struct queue *queue)
{
  open_door(queue, LOCK_ASIDE, LOCK);
  open_door(queue, PID_ASIDE, PID);
  /* Nothing of worth is in it any more, but it may not be empty. */
  syncdir_unlinkat(queue->fd, WORK, AT_REMOVEDIR);
}

bool is_closed(const struct queue *queue)
{
  struct stat st;

  return look_at(queue->fd, LOCK_ASIDE, &st) == 0 || look_at(queue->fd, PID_ASIDE, &st) == 0;
}

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
  (void) signal;
  stopped = 1;
}

void catch_signals(void)
{
  static const int signals[] = { SIGHUP, SIGINT, SIGTERM };

  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    sigaction(signals[i], &(struct sigaction) { .sa_handler = stop }, NULL);
  signal(SIGPIPE, SIG_IGN);
}

bool is_stopped(void)
{
  return stopped;
}

/* Whether PATH, as the process sees it, lies below the queue: in pid/, todo/ or
 * mess/N/, set aside or not, so at most four levels down. */
static bool is_below(const char *process, const char *path, const struct stat *queue)
{
  char seen[64 + PATH_MAX];
  struct stat st;
  size_t start = (size_t) snprintf(seen, sizeof seen, "/proc/%s/root", process);
  char *slash;

  snprintf(seen + start, sizeof seen - start, "%s", path);
  for (int level = 0; level < 4 && (slash = strrchr(seen + start, '/')); level++) {
    *slash = '\0';
    if (stat(seen, &st) == 0 && st.st_ino == queue->st_ino && st.st_dev == queue->st_dev)
      return true;
  }
  return false;
}

/* The process has one of the queue's regular files open: its path in PATH. */
static bool has_open(const char *process, const struct stat *queue, char path[PATH_MAX])
{
  char fds[64], link[64 + NAME_BYTES];
  struct dirent *entry;
  struct stat st;
  bool found = false;
  DIR *folder;

  snprintf(fds, sizeof fds, "/proc/%.20s/fd", process);
  folder = opendir(fds);
  while (folder && !found && (entry = readdir(folder))) {
    ssize_t length;

    snprintf(link, sizeof link, "%s/%s", fds, entry->d_name);
    length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0 || *path != '/')
      continue;
    path[length] = '\0';
    found = is_below(process, path, queue) && stat(link, &st) == 0 && S_ISREG(st.st_mode);
  }
  if (folder)
    closedir(folder);
  return found;
}

static bool is_quiet(const struct stat *queue, bool tell)
{
  char path[PATH_MAX], shown[ESCAPED_BYTES], self[32];
  struct dirent *entry;
  bool quiet = true;
  DIR *proc = opendir("/proc");

  if (!proc)
    cannot("learn who uses the queue from", "/proc");
  snprintf(self, sizeof self, "%ld", (long) getpid());
  while (quiet && (entry = readdir(proc))) {
    if (*entry->d_name < '1' || *entry->d_name > '9' || strcmp(entry->d_name, self) == 0
        || !has_open(entry->d_name, queue, path))
      continue;
    quiet = false;
    path[PATH_BYTES - 1] = '\0';
    if (tell)
      say("waiting for process %s, which has %s open.", entry->d_name, escape(shown, path));
  }
  closedir(proc);
  return quiet;
}

void wait_until_quiet(const struct queue *queue)
{
  const struct timespec pause = { .tv_nsec = 100000000 };
  struct stat st;

  if (fstat(queue->fd, &st) == -1)
    cannot("look at", queue->path);
  for (bool tell = true; !is_quiet(&st, tell); tell = false) {
    if (is_stopped())
      fail("stopped; nothing was changed.");
    nanosleep(&pause, NULL);
  }
}
