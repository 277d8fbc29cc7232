/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A task that shares our memory, and has a copy of the descriptor table.
 *
 * As in vfork, this thread stands still until the task has ended.  Unlike vfork,
 * the task ends without SIGCHLD (exit signal 0), which also hides it from every wait of
 * the program that does not ask for such children (__WALL, __WCLONE); and it has a stack of
 * its own, so that it does not overwrite ours.
 *
 * It is no thread (CLONE_THREAD), for two reasons.  If a seccomp filter kills a thread, the
 * kernel kills the whole program.  And a thread is not gone yet when CLONE_VFORK lets us go
 * on: an unshare(CLONE_NEWUSER) that came next would see two threads, and fail. */
#include <errno.h>
#include <sched.h>

#include "core/sys.h"
#include "core/task.h"
#include "defer/defer.h"
#include "defer/reasons.h"

/* The task needs some hundred bytes; more in a program with a sanitizer. */
enum { STACK_SIZE = 4096 };

enum { FLAGS = CLONE_VM | CLONE_VFORK };

/* spawn: clone(2) with FLAGS; the child runs WORK(ARGUMENT) on the stack that ends at
 * TOP, and exits.  Returns its number, or -errno.
 *
 * The child begins, works and ends inside the assembly, and the compiler never sees
 * a function that returns twice.  The order of clone's arguments is the machine's:
 * clone(2), "C library/kernel differences". */
/* clang-format off */
#if defined __x86_64__ && !defined __ILP32__

static long spawn(void *top, task_work *work, void *argument)
{
  long result = SYS_clone;
  register long child_id __asm__("r10") = 0;
  register long tls __asm__("r8") = 0;
  register task_work *function __asm__("r12") = work;
  register void *parameter __asm__("r13") = argument;

  __asm__ volatile ("syscall\n\t"
                    "testq %%rax, %%rax\n\t"
                    "jnz 1f\n\t"
                    "movq %%r13, %%rdi\n\t"
                    "call *%%r12\n\t"
                    "xorl %%edi, %%edi\n\t"
                    "movl %[exit], %%eax\n\t"
                    "syscall\n\t"
                    "hlt\n"
                    "1:"
                    : "+a" (result)
                    : "D" ((long) FLAGS), "S" (top), "d" (0L), "r" (child_id), "r" (tls),
                      "r" (function), "r" (parameter), [exit] "i" (SYS_exit)
                    : "rcx", "r11", "cc", "memory");
  return result;
}

#elif defined __i386__

/* All registers are taken: the child finds its work on its stack. */
static long spawn(void *top, task_work *work, void *argument)
{
  void **stack = (void **) top - 4;
  long result = SYS_clone;

  stack[0] = argument;
  stack[-1] = (void *) work;
  __asm__ volatile ("int $0x80\n\t"
                    "testl %%eax, %%eax\n\t"
                    "jnz 1f\n\t"
                    "popl %%eax\n\t"
                    "call *%%eax\n\t"
                    "xorl %%ebx, %%ebx\n\t"
                    "movl %[exit], %%eax\n\t"
                    "int $0x80\n\t"
                    "hlt\n"
                    "1:"
                    : "+a" (result)
                    : "b" ((long) FLAGS), "c" (stack - 1), "d" (0L), "S" (0L), "D" (0L),
                      [exit] "i" (SYS_exit)
                    : "cc", "memory");
  return result;
}

#elif defined __aarch64__ && defined __LP64__

static long spawn(void *top, task_work *work, void *argument)
{
  register long number __asm__("x8") = SYS_clone;
  register long result __asm__("x0") = FLAGS;
  register void *stack __asm__("x1") = top;
  register long parent_id __asm__("x2") = 0, tls __asm__("x3") = 0, child_id __asm__("x4") = 0;

  __asm__ volatile ("svc #0\n\t"
                    "cbnz x0, 1f\n\t"
                    "mov x0, %[argument]\n\t"
                    "blr %[work]\n\t"
                    "mov x0, #0\n\t"
                    "mov x8, %[exit]\n\t"
                    "svc #0\n"
                    "1:"
                    : "+r" (result)
                    : "r" (number), "r" (stack), "r" (parent_id), "r" (tls), "r" (child_id),
                      [work] "r" (work), [argument] "r" (argument), [exit] "i" (SYS_exit)
                    : "cc", "memory");
  return result;
}

#elif defined __arm__ && defined __ARM_EABI__

/* r7 has the number, and is also the frame pointer of Thumb code. */
static long spawn(void *top, task_work *work, void *argument)
{
  register long result __asm__("r0") = FLAGS;
  register void *stack __asm__("r1") = top;
  register long parent_id __asm__("r2") = 0, tls __asm__("r3") = 0, child_id __asm__("r4") = 0;

  __asm__ volatile ("mov r8, r7\n\t"
                    "mov r7, %[clone]\n\t"
                    "svc #0\n\t"
                    "mov r7, r8\n\t"
                    "cmp r0, #0\n\t"
                    "bne 1f\n\t"
                    "mov r0, %[argument]\n\t"
                    "blx %[work]\n\t"
                    "mov r0, #0\n\t"
                    "mov r7, %[exit]\n\t"
                    "svc #0\n"
                    "1:"
                    : "+r" (result)
                    : "r" (stack), "r" (parent_id), "r" (tls), "r" (child_id),
                      [work] "r" (work), [argument] "r" (argument),
                      [clone] "i" (SYS_clone), [exit] "i" (SYS_exit)
                    : "r8", "cc", "memory");
  return result;
}

#elif defined __riscv && __riscv_xlen == 64

static long spawn(void *top, task_work *work, void *argument)
{
  register long number __asm__("a7") = SYS_clone;
  register long result __asm__("a0") = FLAGS;
  register void *stack __asm__("a1") = top;
  register long parent_id __asm__("a2") = 0, tls __asm__("a3") = 0, child_id __asm__("a4") = 0;

  __asm__ volatile ("ecall\n\t"
                    "bnez a0, 1f\n\t"
                    "mv a0, %[argument]\n\t"
                    "jalr %[work]\n\t"
                    "li a0, 0\n\t"
                    "li a7, %[exit]\n\t"
                    "ecall\n"
                    "1:"
                    : "+r" (result)
                    : "r" (number), "r" (stack), "r" (parent_id), "r" (tls), "r" (child_id),
                      [work] "r" (work), [argument] "r" (argument), [exit] "i" (SYS_exit)
                    : "memory");
  return result;
}

#elif defined __s390x__

/* A function may store its caller's registers in the 160 bytes above the stack
 * pointer. */
static long spawn(void *top, task_work *work, void *argument)
{
  register long number __asm__("r1") = SYS_clone;
  register void *stack __asm__("r2") = (char *) top - 160;
  register long flags __asm__("r3") = FLAGS;
  register long parent_id __asm__("r4") = 0, child_id __asm__("r5") = 0, tls __asm__("r6") = 0;

  __asm__ volatile ("svc 0\n\t"
                    "ltgr %%r2, %%r2\n\t"
                    "jnz 1f\n\t"
                    "lgr %%r2, %[argument]\n\t"
                    "basr %%r14, %[work]\n\t"
                    "lghi %%r2, 0\n\t"
                    "lghi %%r1, %[exit]\n\t"
                    "svc 0\n"
                    "1:"
                    : "+r" (stack)
                    : "r" (number), "r" (flags), "r" (parent_id), "r" (child_id), "r" (tls),
                      [work] "a" (work), [argument] "a" (argument), [exit] "i" (SYS_exit)
                    : "cc", "memory");
  return (long) stack;
}

#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__

/* A function stores its return address in its caller's frame, which has a back chain
 * of 0 here; and finds its table of contents by r12. */
static long spawn(void *top, task_work *work, void *argument)
{
  long *frame = (long *) top - 8;
  register long number __asm__("r0") = SYS_clone;
  register long result __asm__("r3") = FLAGS;
  register void *stack __asm__("r4") = frame;
  register long parent_id __asm__("r5") = 0, child_id __asm__("r6") = 0, tls __asm__("r7") = 0;
  register task_work *function __asm__("r14") = work;
  register void *parameter __asm__("r15") = argument;

  *frame = 0;
  __asm__ volatile ("sc\n\t"
                    "bns+ 2f\n\t"
                    "neg 3, 3\n\t"
                    "b 1f\n"
                    "2:\n\t"
                    "cmpdi 3, 0\n\t"
                    "bne 1f\n\t"
                    "mr 3, 15\n\t"
                    "mr 12, 14\n\t"
                    "mtctr 12\n\t"
                    "bctrl\n\t"
                    "li 3, 0\n\t"
                    "li 0, %[exit]\n\t"
                    "sc\n"
                    "1:"
                    : "+r" (number), "+r" (result), "+r" (stack), "+r" (parent_id),
                      "+r" (child_id), "+r" (tls)
                    : "r" (function), "r" (parameter), [exit] "i" (SYS_exit)
                    : "r8", "r9", "r10", "r11", "r12", "cr0", "ctr", "xer", "memory");
  return result;
}
/* clang-format on */

#else

static long spawn(void *top, task_work *work, void *argument)
{
  (void) top, (void) work, (void) argument;
  return -ENOSYS;
}

#endif

/* After unshare(CLONE_NEWPID) the first child is the init of a new PID namespace, and when
 * it ends the program can make no other child.  The kernel shows the namespace only once it
 * has an init.  Without /proc this is not checked; before Linux 4.12 it cannot be, and no
 * task is started. */
static bool would_be_init(void)
{
  char namespace[32];

  return sys_readlink("/proc/thread-self/ns/pid_for_children", namespace, sizeof namespace) == -1
      && sys_readlink("/proc/thread-self/ns/pid", namespace, sizeof namespace) != -1;
}

/* In the deferred mode this also lets our own calls pass, one of which will open a file. */
static int block_signals(struct pause *before)
{
  const sys_signals all = ~(sys_signals) 0;

  if (!deferring)
    return sys_block(&all, &before->blocked);
  if (defer_pause(before) == -1)
    return -1;
  defer_open(before);
  return 0;
}

static void unblock_signals(const struct pause *before)
{
  if (deferring)
    defer_go_on(before);
  else
    sys_set_blocked(&before->blocked);
}

bool run_in_task(task_work *work, void *argument)
{
  _Alignas(16) char stack[STACK_SIZE];
  struct pause before;
  long task;

  /* A handler would run in the task, in the program's memory. */
  if (block_signals(&before) == -1)
    return false;
  task = would_be_init() ? -1 : spawn(stack + sizeof stack, work, argument);
  if (task > 0)
    sys_reap(task);
  unblock_signals(&before);
  return task > 0;
}

int open_in_task(int dirfd, const char *path, int flags)
{
  int fd = sys_openat(dirfd, path, flags);

  if (fd == -1 && errno == EMFILE) {
    sys_close(dirfd == 0 ? 1 : 0);
    fd = sys_openat(dirfd, path, flags);
  }
  return fd;
}
