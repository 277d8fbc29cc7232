/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that a tracer could disturb: each does one thing that ptrace(2) makes delicate,
 * and prints what came of it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
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

static void note_signal(int signal)
{
  caught = signal;
}

static void catch_signal(void)
{
  signal(SIGUSR1, note_signal);
  raise(SIGUSR1);
  printf("%d\n", caught == SIGUSR1);
}

static void set_up_ring(void)
{
  char parameters[256] = { 0 };
  long result = syscall(SYS_io_uring_setup, 4, parameters);

  printf("%s\n", result == -1 ? strerror(errno) : "a ring");
}

/* A child makes a directory and lets us know, by an eventfd or by shared memory; we tell
 * others. */
static void pass_on(int by_memory)
{
  volatile char *made = NULL;
  int event = eventfd(0, 0), directory = open(".", O_RDONLY);
  eventfd_t count = 1;
  pid_t child;

  if (by_memory)
    made = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  child = fork();
  if (child == 0) {
    mkdir("passed-on", 0755);
    if (made)
      *made = 1;
    else
      eventfd_write(event, count);
    pause();
  }
  while (made && !*made)
    usleep(1000);
  if (!made)
    eventfd_read(event, &count);
  printf("made\n");
  fflush(stdout);
  fsync(directory);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

/* A filter on getppid(2) alone, with this action. */
static int filter(unsigned action, unsigned flags)
{
  struct sock_filter code[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, action),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = { sizeof code / sizeof *code, code };

  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return (int) syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

/* Nobody traces for this filter. */
static void ask_a_tracer(void)
{
  filter(SECCOMP_RET_TRACE | 5, 0);
  printf("%ld %s\n", syscall(SYS_getppid), strerror(errno));
}

static void start_untraced(void)
{
  pid_t child = (pid_t) syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, NULL, NULL, NULL, NULL);

  if (child == 0)
    _exit(0);
  waitpid(child, NULL, 0);
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
  else if (strcmp(what, "event") == 0)
    pass_on(0);
  else if (strcmp(what, "memory") == 0)
    pass_on(1);
  else if (strcmp(what, "ask-a-tracer") == 0)
    ask_a_tracer();
  else if (strcmp(what, "untraced") == 0)
    start_untraced();
  else if (strcmp(what, "submit") == 0)
    syscall(SYS_io_submit, 0UL, 0L, NULL);
  else if (strcmp(what, "supervise") == 0)
    return filter(SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER) == -1;
  else if (strcmp(what, "die") == 0)
    raise(SIGTERM);
  else if (strcmp(what, "hide") == 0)
    return prctl(PR_SET_DUMPABLE, 0) != 0 || mkdir("hidden", 0755) != 0;
  else if (strcmp(what, "leave") == 0)
    leave_a_child();
  return 0;
}
