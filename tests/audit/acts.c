/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that a tracer could disturb: each does one thing that ptrace(2) makes delicate,
 * and prints what came of it. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void *execute(void *argument)
{
  char *const words[] = { "sh", "-c", argument, NULL };

  execv("/bin/sh", words);
  return NULL;
}

/* The thread's exec becomes the process's. */
static void exec_from_thread(void)
{
  pthread_t thread;

  printf("%d\n", getpid());
  fflush(stdout);
  pthread_create(&thread, NULL, execute, "echo $$; mkdir made");
  pthread_join(thread, NULL);
}

static void spawn(void)
{
  char *const words[] = { "sh", "-c", "exit 7", NULL };
  int status;
  pid_t child;

  posix_spawn(&child, "/bin/sh", NULL, NULL, words, environ);
  waitpid(child, &status, 0);
  /* The tracer is no child of ours. */
  printf("%d %d\n", WEXITSTATUS(status), wait(NULL) == -1 && errno == ECHILD);
}

static void stop_and_go(void)
{
  int status;
  pid_t child = fork();

  if (child == 0) {
    raise(SIGSTOP);
    _exit(3);
  }
  waitpid(child, &status, WUNTRACED);
  printf("%d ", WIFSTOPPED(status));
  kill(child, SIGCONT);
  waitpid(child, &status, 0);
  printf("%d\n", WEXITSTATUS(status));
}

static volatile sig_atomic_t caught;

static void caught(int signal)
{
  caught = signal;
}

static void catch_signal(void)
{
  signal(SIGUSR1, caught);
  raise(SIGUSR1);
  printf("%d\n", caught == SIGUSR1);
}

static void set_up_ring(void)
{
  char parameters[256] = { 0 };
  long result = syscall(SYS_io_uring_setup, 4, parameters);

  printf("%s\n", result == -1 ? strerror(errno) : "a ring");
}

/* It does something when we are gone. */
static void leave_a_child(void)
{
  pid_t parent = getpid();

  if (fork() != 0)
    return;
  while (getppid() == parent)
    usleep(1000);
  mkdir("late", 0755);
}

int main(int count, char **arguments)
{
  const char *what = count > 1 ? arguments[1] : "";

  if (strcmp(what, "exec-from-thread") == 0)
    exec_from_thread();
  else if (strcmp(what, "spawn") == 0)
    spawn();
  else if (strcmp(what, "stop") == 0)
    stop_and_go();
  else if (strcmp(what, "catch") == 0)
    catch_signal();
  else if (strcmp(what, "ring") == 0)
    set_up_ring();
  else if (strcmp(what, "die") == 0)
    raise(SIGTERM);
  else if (strcmp(what, "hide") == 0)
    return prctl(PR_SET_DUMPABLE, 0) != 0 || mkdir("hidden", 0755) != 0;
  else if (strcmp(what, "leave") == 0)
    leave_a_child();
  return 0;
}
