/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that makes three names, in the state that its argument asks for: why the
 * deferred mode must be strict there.
 *
 *   teller STATE      */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static void *sleep_for_ever(void *nothing)
{
  for (;;)
    pause();
  return nothing;
}

/* The parent may have ended before the prctl. */
static int wait_for_parent(void *parent)
{
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (getppid() == *(pid_t *) parent)
    pause();
  return 0;
}

static void do_nothing(int signal)
{
  (void) signal;
}

static void allow_everything(void)
{
  struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  struct sock_fprog program = { 1, &allow };

  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1
      || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
    _exit(1);
}

static void refuse_the_dispatch(void)
{
  struct sock_filter refuse[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 22),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { 4, refuse };

  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1
      || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
    _exit(1);
}

static void handle_with_all_blocked(void)
{
  struct sigaction action = { .sa_handler = do_nothing };

  sigfillset(&action.sa_mask);
  sigaction(SIGTERM, &action, NULL);
}

/* A dispatch of the program's own. */
static volatile unsigned char own_calls;

static void on_own_call(int signal, siginfo_t *info, void *context)
{
  (void) signal, (void) info;
  own_calls = 0;
  ((ucontext_t *) context)->uc_mcontext.gregs[REG_RAX] = 4711;
}

static long call_own(void)
{
  long result = SYS_getppid;

  own_calls = 1;
  __asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
  return result;
}

static void dispatch_itself(void)
{
  struct sigaction action = { .sa_sigaction = on_own_call, .sa_flags = SA_SIGINFO };

  if (sigaction(SIGSYS, &action, NULL) == -1
      || prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &own_calls) == -1
      || mkdir("zero", 0700) == -1 || rmdir("zero") == -1 || call_own() != 4711)
    _exit(1);
}

static void block_all(void)
{
  sigset_t all;

  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
}

static void in_child_of_vfork(void)
{
  pid_t child = vfork();

  if (child != 0) {
    waitpid(child, NULL, 0);
    _exit(0);
  }
}

/* A child that shares what FLAGS say, and waits. */
static void with_sharer(int flags)
{
  static char stack[16384];
  static pid_t parent;

  parent = getpid();
  if (clone(wait_for_parent, stack + sizeof stack, flags | SIGCHLD, &parent) == -1)
    _exit(1);
}

static void with_thread(void)
{
  pthread_t thread;

  pthread_create(&thread, NULL, sleep_for_ever, NULL);
}

static void make_three_names(void)
{
  if (mkdir("one", 0700) == -1 || rename("one", "two") == -1 || rmdir("two") == -1)
    _exit(1);
  _exit(0);
}

static void on_signal(int signal)
{
  (void) signal;
  make_three_names();
}

static void *in_thread(void *nothing)
{
  make_three_names();
  return nothing;
}

enum { SMALL_STACK = 16384, GUARD = 4096 };

/* The page below it cannot be touched. */
static char *small_stack(void)
{
  char *pages = mmap(NULL, GUARD + SMALL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0);

  if (pages == MAP_FAILED || mprotect(pages, GUARD, PROT_NONE) == -1)
    _exit(1);
  return pages + GUARD;
}

static void on_small_stack(void)
{
  static ucontext_t there, back;

  getcontext(&there);
  there.uc_stack.ss_sp = small_stack();
  there.uc_stack.ss_size = SMALL_STACK;
  there.uc_link = &back;
  makecontext(&there, make_three_names, 0);
  swapcontext(&back, &there);
}

static void on_alternate_stack(void)
{
  stack_t stack = { .ss_sp = small_stack(), .ss_size = SMALL_STACK };
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK };

  sigaltstack(&stack, NULL);
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
}

static void in_small_thread(void)
{
  pthread_attr_t small;
  pthread_t thread;

  pthread_attr_init(&small);
  if (pthread_attr_setstack(&small, small_stack(), SMALL_STACK) != 0
      || pthread_create(&thread, &small, in_thread, NULL) != 0)
    _exit(1);
  for (;;)
    pause();
}

int main(int count, char **arguments)
{
  const char *state = count > 1 ? arguments[1] : "";
  struct rlimit few = { 50, 50 };

  if (strcmp(state, "thread") == 0)
    with_thread();
  else if (strcmp(state, "memory") == 0)
    with_sharer(CLONE_VM);
  else if (strcmp(state, "table") == 0)
    with_sharer(CLONE_FILES);
  else if (strcmp(state, "umask") == 0)
    with_sharer(CLONE_FS);
  else if (strcmp(state, "child") == 0)
    with_sharer(0);
  else if (strcmp(state, "shared") == 0)
    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  else if (strcmp(state, "private") == 0)
    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  else if (strcmp(state, "blocked") == 0)
    block_all();
  else if (strcmp(state, "handler") == 0)
    handle_with_all_blocked();
  else if (strcmp(state, "sigsys") == 0)
    signal(SIGSYS, do_nothing);
  else if (strcmp(state, "dispatch") == 0)
    dispatch_itself();
  else if (strcmp(state, "filter") == 0)
    allow_everything();
  else if (strcmp(state, "no-prctl") == 0)
    refuse_the_dispatch();
  else if (strcmp(state, "descriptors") == 0)
    setrlimit(RLIMIT_NOFILE, &few);
  else if (strcmp(state, "vfork") == 0)
    in_child_of_vfork();
  else if (strcmp(state, "small-stack") == 0)
    on_small_stack();
  else if (strcmp(state, "alternate-stack") == 0)
    on_alternate_stack();
  else if (strcmp(state, "small-thread") == 0)
    in_small_thread();
  else if (strcmp(state, "fork") == 0 && fork() != 0)
    return wait(NULL) == -1;
  make_three_names();
}
