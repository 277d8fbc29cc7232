/* SPDX-License-Identifier: GPL-2.0-or-later */
/* changes DIRECTORY PROCESSES ROUNDS TOLD: so many processes make, link, rename and remove
 * names in DIRECTORY at the same time, with the C library alone.  When a call has returned
 * success that is told to the file TOLD, a line each:
 *
 *   BEGUN ENDED CALL NAME
 *
 * with the seconds of the clock before and after the call, and the name below DIRECTORY. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int told;

static double now(void)
{
  struct timespec at;

  clock_gettime(CLOCK_REALTIME, &at);
  return (double) at.tv_sec + (double) at.tv_nsec / 1e9;
}

static double begun;

static void begin(void)
{
  begun = now();
}

/* RESULT is that of CALL, which has just returned. */
static void tell(int result, const char *call, const char *name)
{
  char line[256];
  int length;

  if (result == -1)
    err(1, "%s %s", call, name);
  length = snprintf(line, sizeof line, "%.6f %.6f %s %s\n", begun, now(), call, name);
  if (write(told, line, (size_t) length) != length)
    err(1, "cannot tell");
}

static int make(const char *name)
{
  int fd = creat(name, 0644);

  return fd == -1 ? -1 : close(fd);
}

/* O_TMPFILE is refused by many servers. */
static void link_unnamed(const char *directory, const char *name)
{
  char path[64];
  int fd = open(directory, O_TMPFILE | O_WRONLY, 0644);

  if (fd == -1) {
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
      err(1, "O_TMPFILE in %s", directory);
    return;
  }
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  begin();
  tell(linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW), "linkat", name);
  close(fd);
}

/* Names of this process and round alone, in directories that all share. */
static void change(int process, int round)
{
  char name[8][64];
  static const char *const kind[] = { "in/c",  "in/l", "in/r", "out/r",
                                      "out/t", "in/d", "in/s", "in/u" };

  for (int i = 0; i < 8; i++)
    snprintf(name[i], sizeof *name, "%s%d.%d", kind[i], process, round);
  begin(), tell(make(name[0]), "creat", name[0]);
  begin(), tell(link(name[0], name[1]), "link", name[1]);
  begin(), tell(make(name[2]), "creat", name[2]);
  begin(), tell(rename(name[2], name[3]), "rename", name[3]);
  link_unnamed("out", name[4]);
  begin(), tell(mkdir(name[5], 0755), "mkdir", name[5]);
  begin(), tell(symlink("to", name[6]), "symlink", name[6]);
  begin(), tell(make(name[7]), "creat", name[7]);
  begin(), tell(unlink(name[7]), "unlink", name[7]);
  begin(), tell(rmdir(name[5]), "rmdir", name[5]);
}

int main(int count, char **words)
{
  int processes, rounds, status, failed = 0;

  if (count != 5 || chdir(words[1]) == -1
      || (told = open(words[4], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644)) == -1)
    err(2, "usage: changes DIRECTORY PROCESSES ROUNDS TOLD");
  processes = atoi(words[2]), rounds = atoi(words[3]);
  for (int process = 0; process < processes; process++)
    if (fork() == 0) {
      for (int round = 0; round < rounds; round++)
        change(process, round);
      _exit(0);
    }
  while (wait(&status) != -1)
    failed |= status != 0;
  return failed;
}
