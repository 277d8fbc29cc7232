/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that the dispatch lets pass, and the machine's part of it.
 *
 * The kernel lets calls pass whose instruction lies in one range of addresses: the two
 * routines below.  In the shared library it may be all of its text, for what the library
 * asks of a path before the program's call is no news to anybody but a server.  In a
 * program with the archive that text lies among the program's. */
#ifndef SYNCDIR_GATE_H
#define SYNCDIR_GATE_H

#include <stdbool.h>
#include <stdint.h>
#include <signal.h>
#include <sys/syscall.h>

#include "core/sys.h"

/* SYSCALL_USER_DISPATCH is x86's since Linux 5.11.  x32 has other call numbers. */
#if defined __x86_64__ && defined __LP64__
#define HAS_DISPATCH 1

/* AUDIT_ARCH_X86_64: calls by int $0x80 have another, and other numbers. */
enum { EM_OF_X86_64 = 62 };
#define OUR_MACHINE (0xC0000000U | EM_OF_X86_64)

/* Code that runs once in a batch at most, and waits for the kernel then: smaller rather
 * than faster. */
#define SELDOM __attribute__((cold))

/* A system call as the program has made it. */
struct call {
  uint32_t machine;
  long number;
  long arguments[6];
};

/* The kernel's struct sigaction. */
struct action {
  void (*handler)(int, siginfo_t *, void *);
  unsigned long flags;
  void (*restorer)(void);
  sys_signals mask;
};

/* The kernel's struct open_how, and flags of its resolve: RESOLVE_NO_XDEV,
 * RESOLVE_NO_MAGICLINKS, RESOLVE_BENEATH. */
struct how_to_open {
  uint64_t flags, mode, resolve;
};
enum { NO_OTHER_MOUNT = 1, NO_MAGIC_LINK = 2, BELOW = 8 };

/* Makes the call.  Returns what the kernel returns: -errno for a failure. */
long syncdir__gate(long number, long a, long b, long c, long d, long e, long f);

/* Where the kernel returns to from our signal handler. */
void syncdir__restorer(void);

/* Where the range ends that begins with the gate. */
extern const char syncdir__gate_end[] __attribute__((visibility("hidden")));

#ifndef ARCHIVE
/* The linker's names of the ends of our text. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[] __attribute__((visibility("hidden")));
#endif

/* A call of the kernel with up to six arguments, numbers or pointers. */
#define GATE(number, ...) GATE_(number, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define GATE_(number, a, b, c, d, e, f, ...) \
  syncdir__gate(number, (long) (a), (long) (b), (long) (c), (long) (d), (long) (e), (long) (f))

/* The call for which CONTEXT was interrupted by INFO. */
struct call call_of(const siginfo_t *info, const void *context);

/* The program finds RESULT where its call would have put it. */
void answer(void *context, long result);

/* The program makes its call again, for itself. */
void make_again(void *context);

#endif

#endif
