/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls every wrapped name for the first time while another thread is inside dlopen and
 * waits for the end of it: in a thread, or with --vfork in the child of that thread's
 * vfork.  PLUGIN is the path of waiter.c's object; PATIENCE, the seconds after which it
 * counts as waiting for ever. */
#define main fire_main
#include "fire.c"
#undef main

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

static sem_t inside, done;
static int in_child;

/* The constructor of the plugin calls it, and dlopen does not return before it does. */
void wait_for_the_other_thread(void);
void wait_for_the_other_thread(void)
{
  struct timespec end;

  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += PATIENCE;
  sem_post(&inside);
  while (sem_timedwait(&done, &end) == -1)
    if (errno != EINTR) {
      fprintf(stderr, "the other thread waits for the loader\n");
      _exit(1);
    }
}

static void call_all(void)
{
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    make_marked(&calls[i]);
}

static void *other_thread(void *nothing)
{
  while (sem_wait(&inside) == -1)
    ;
  if (in_child) {
    pid_t child = vfork();
    int status = -1;

    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL); /* or it would wait for ever */
      call_all();
      _exit(0);
    }
    if (waitpid(child, &status, 0) != child || status != 0)
      _exit(1);
  } else
    call_all();
  sem_post(&done);
  return nothing;
}

int main(int argc, char **argv)
{
  pthread_t thread;

  in_child = argc == 2 && strcmp(argv[1], "--vfork") == 0;
  sem_init(&inside, 0, 0);
  sem_init(&done, 0, 0);
  if (pthread_create(&thread, NULL, other_thread, NULL) != 0 || !dlopen(PLUGIN, RTLD_NOW))
    return 1;
  return pthread_join(thread, NULL);
}
