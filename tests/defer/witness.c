/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program whose progress a second process sees: what that finds in the trace of the
 * flushes is the exit status, 0 for a change that was flushed by then.
 *
 *   witness WAY TRACE
 *
 * "killed" is another matter, beside a file "other": it makes the directories 1, 2, 3 ... until the witness kills
 * it, which has the filesystem write once in between; 0 if nothing was flushed for it. */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const char *trace;
static int locked;

static bool is_flushed(void)
{
  struct stat st;

  return stat(trace, &st) == 0 && st.st_size > 0;
}

/* Without a system call: the clock is read in our own memory. */
static void spin(long milliseconds)
{
  struct timespec begin, now;

  clock_gettime(CLOCK_MONOTONIC, &begin);
  do
    clock_gettime(CLOCK_MONOTONIC, &now);
  while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000
         < milliseconds);
}

static void lock_whole(int fd, int how)
{
  struct flock lock = { .l_type = how, .l_whence = SEEK_SET };

  if (fcntl(fd, F_SETLKW, &lock) == -1)
    exit(2);
}

/* The witness gets the lock when we let it go. */
static void wait_for_flock(void)
{
  if (flock(open("lock", O_RDWR), LOCK_EX) == -1)
    exit(2);
}

static void wait_for_fcntl(void)
{
  lock_whole(open("lock", O_RDWR), F_WRLCK);
}

/* clang-format off */
static void take_flock(void)   { flock(locked, LOCK_EX); }
static void take_fcntl(void)   { lock_whole(locked, F_WRLCK); }
static void drop_flock(void)   { flock(locked, LOCK_UN); }
static void drop_fcntl(void)   { lock_whole(locked, F_UNLCK); }
static void drop_by_close(void) { close(locked); }
static void drop_by_other(void) { close(open("lock", O_RDONLY)); }
static void drop_by_end(void)  { _exit(0); }
/* clang-format on */

static const struct way {
  const char *name;
  void (*take)(void), (*drop)(void), (*wait)(void);
} ways[] = {
  { "flock", take_flock, drop_flock, wait_for_flock },
  { "flock-by-close", take_flock, drop_by_close, wait_for_flock },
  { "flock-by-end", take_flock, drop_by_end, wait_for_flock },
  { "fcntl", take_fcntl, drop_fcntl, wait_for_fcntl },
  { "fcntl-by-close", take_fcntl, drop_by_close, wait_for_fcntl },
  { "fcntl-by-another-descriptor", take_fcntl, drop_by_other, wait_for_fcntl },
  { "fcntl-by-end", take_fcntl, drop_by_end, wait_for_fcntl },
};

/* The witness is our parent, which no lock of ours is inherited from. */
static int by_lock(const struct way *way)
{
  int ready[2];
  char byte;

  if (pipe(ready) == -1)
    return 2;
  if (fork() == 0) {
    locked = open("lock", O_RDWR | O_CREAT, 0600);
    way->take();
    if (write(ready[1], "r", 1) != 1 || mkdir("one", 0700) == -1)
      _exit(2);
    spin(100);
    way->drop();
    spin(100);
    _exit(0);
  }
  if (read(ready[0], &byte, 1) != 1)
    return 2;
  way->wait();
  return !is_flushed();
}

static int by_spawn(void)
{
  char name[] = "test", option[] = "-s", *command[] = { name, option, (char *) trace, NULL };
  pid_t child;
  int status;

  if (mkdir("one", 0700) == -1 || posix_spawnp(&child, name, NULL, NULL, command, environ) != 0)
    return 2;
  return waitpid(child, &status, 0) == -1 ? 2 : WEXITSTATUS(status);
}

static int by_vfork(void)
{
  pid_t child;
  int status;

  if (mkdir("one", 0700) == -1)
    return 2;
  child = vfork();
  if (child == 0) {
    execlp("test", "test", "-s", trace, (char *) NULL);
    _exit(2);
  }
  return waitpid(child, &status, 0) == -1 ? 2 : WEXITSTATUS(status);
}

static int by_exec(void)
{
  if (mkdir("one", 0700) == -1)
    return 2;
  execlp("test", "test", "-s", trace, (char *) NULL);
  return 2;
}

static void until_there(const char *name)
{
  const struct timespec soon = { 0, 1000000 };

  while (access(name, F_OK) == -1)
    nanosleep(&soon, NULL);
}

static int by_kill(void)
{
  pid_t child = fork();
  int other = open("other", O_WRONLY), status;

  if (child == 0)
    prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (child == 0)
    for (int i = 1;; i++) {
      char name[16];

      snprintf(name, sizeof name, "%d", i);
      if (mkdir(name, 0700) == -1)
        _exit(2);
      spin(i < 30 ? 1 : 3600000);
    }
  until_there("10");
  if (write(other, "text", 4) != 4 || fsync(other) == -1)
    return 2;
  until_there("30");
  kill(child, SIGKILL);
  if (waitpid(child, &status, 0) == -1)
    return 2;
  return !WIFSIGNALED(status);
}

int main(int count, char **arguments)
{
  const char *way = count == 3 ? arguments[1] : "";

  if (count != 3)
    return 2;
  trace = arguments[2];
  if (strcmp(way, "spawn") == 0)
    return by_spawn();
  if (strcmp(way, "vfork-and-exec") == 0)
    return by_vfork();
  if (strcmp(way, "exec") == 0)
    return by_exec();
  if (strcmp(way, "killed") == 0)
    return by_kill();
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (strcmp(way, ways[i].name) == 0)
      return by_lock(&ways[i]);
  return 2;
}
