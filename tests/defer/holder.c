/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that holds its changes, in the directory where it starts.
 *
 *   holder WHAT        what is shown: see tests/defer/hold.sh */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <syncdir.h>

/* Behind this mark nothing is pending any more: the tracer sees it. */
static void say(const char *text)
{
  if (write(STDOUT_FILENO, text, strlen(text)) == -1)
    _exit(3);
}

static void change(const char *directory)
{
  char path[64];

  snprintf(path, sizeof path, "%s/a", directory);
  if (syncdir_mkdir(path, 0700) == -1)
    perror(path);
  snprintf(path, sizeof path, "%s/b", directory);
  if (syncdir_symlink("nowhere", path) == -1)
    perror(path);
  snprintf(path, sizeof path, "%s/a", directory);
  if (syncdir_rmdir(path) == -1)
    perror(path);
}

static int result(const char *what, int result)
{
  printf("%s %d %s\n", what, result, result == -1 ? strerror(errno) : "well");
  return result;
}

static void *in_other_thread(void *directory)
{
  change(directory);
  say("told\n");
  return NULL;
}

static void *end_without_release(void *nothing)
{
  syncdir_hold();
  return nothing;
}

static void in_thread(void *(*work)(void *), void *argument)
{
  pthread_t thread;

  pthread_create(&thread, NULL, work, argument);
  pthread_join(thread, NULL);
}

int main(int count, char **arguments)
{
  const char *what = count > 1 ? arguments[1] : "";

  int lowest = dup(STDIN_FILENO);

  close(lowest);
  setvbuf(stdout, NULL, _IONBF, 0);
  if (strcmp(what, "plain") == 0) {
    change(".");
    say("told\n");
  } else if (strcmp(what, "held") == 0) {
    syncdir_hold();
    change(".");
    result("release", syncdir_release());
  } else if (strcmp(what, "nested") == 0) {
    syncdir_hold();
    syncdir_hold();
    change(".");
    syncdir_release();
    say("not yet\n");
    result("release", syncdir_release());
  } else if (strcmp(what, "unheld") == 0) {
    result("release", syncdir_release());
  } else if (strcmp(what, "after") == 0) {
    syncdir_hold();
    syncdir_release();
    change(".");
    say("told\n");
  } else if (strcmp(what, "two") == 0) {
    syncdir_hold();
    change(arguments[2]);
    change(arguments[3]);
    result("release", syncdir_release());
  } else if (strcmp(what, "thread") == 0) {
    syncdir_hold();
    in_thread(in_other_thread, ".");
    result("release", syncdir_release());
  } else if (strcmp(what, "ended") == 0) {
    in_thread(end_without_release, NULL);
    in_thread(in_other_thread, ".");
  } else if (strcmp(what, "fork") == 0) {
    syncdir_hold();
    if (fork() == 0)
      return in_other_thread(".") != NULL;
    wait(NULL);
    result("release", syncdir_release());
  } else if (strcmp(what, "closed") == 0) {
    syncdir_hold();
    change(".");
    for (int fd = lowest; fd < 200; fd++)
      close(fd);
    result("release", syncdir_release());
  }
  printf("%d descriptors more\n", dup(STDIN_FILENO) - lowest);
  return 0;
}
