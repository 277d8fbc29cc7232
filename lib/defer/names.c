/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of system calls, for the trace: of those that often end a batch. */
#include "defer/names.h"

#ifdef HAS_DISPATCH

#include <string.h>

#include "core/text.h"

/* One text and no pointers, which the loader would have to relocate at each start. */
/* clang-format off */
#define CALLS \
  NAME(read) NAME(write) NAME(writev) NAME(pwrite64) NAME(open) NAME(openat) \
  NAME(close) NAME(dup) NAME(dup2) NAME(dup3) NAME(pipe) NAME(pipe2) NAME(fcntl) \
  NAME(flock) NAME(ioctl) NAME(poll) NAME(ppoll) NAME(select) NAME(pselect6) \
  NAME(epoll_wait) NAME(epoll_pwait) NAME(nanosleep) NAME(clock_nanosleep) \
  NAME(wait4) NAME(futex) NAME(kill) NAME(tgkill) NAME(rt_sigaction) \
  NAME(rt_sigprocmask) NAME(rt_sigreturn) NAME(rt_sigsuspend) NAME(alarm) \
  NAME(setitimer) NAME(fork) NAME(vfork) NAME(clone) NAME(clone3) NAME(execve) \
  NAME(exit) NAME(exit_group) NAME(socket) NAME(connect) NAME(sendto) NAME(sendmsg) \
  NAME(sendfile) NAME(splice) NAME(recvfrom) NAME(recvmsg) NAME(mmap) NAME(mprotect) \
  NAME(munmap) NAME(mremap) NAME(madvise) \
  NAME(fsync) NAME(fdatasync) NAME(sync) NAME(syncfs) NAME(ftruncate) NAME(chmod) \
  NAME(fchmodat) NAME(chown) NAME(fchownat) NAME(utimensat)

#define NAME(name) SYS_##name,
static const short numbers[] = { CALLS };
#undef NAME
#define NAME(name) #name "\0"
static const char names[] = CALLS;
#undef NAME
/* clang-format on */

SELDOM const char *name_of_call(const struct call *call, char *buffer, size_t size)
{
  struct text text = empty_text(buffer, size);
  const char *name = names;

  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++, name += strlen(name) + 1)
    if (call->machine == OUR_MACHINE && call->number == numbers[i])
      return name;
  add_string(&text, "call ");
  add_number(&text, call->number);
  return buffer;
}

#endif
