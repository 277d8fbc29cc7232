/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A batch: from the first change that is put off to the flush of all of them.
 *
 * A batch belongs to the thread that opened it, which is the only one. */
#include <errno.h>
#include <stddef.h>

#include "defer/defer.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "core/filesystem.h"
#include "core/flush.h"
#include "core/parent.h"
#include "core/sys.h"
#include "core/text.h"
#include "core/trace.h"
#include "defer/ahead.h"
#include "defer/alone.h"
#include "defer/give_up.h"
#include "defer/inward.h"
#include "defer/journal.h"
#include "defer/locked.h"
#include "defer/names.h"
#include "defer/origin.h"
#include "defer/pause.h"
#include "defer/pending.h"
#include "defer/servers.h"

enum {
  HIGH = 100,        /* out of the way of the lowest free descriptor */
  MOST_CALLS = 1000, /* a program that computes and writes must end it some time */
  PAGE = 4096,
};

/* In a page of its own, which a child of fork finds empty. */
static _Alignas(PAGE) union {
  struct {
    pid_t owner;
    bool open;
    bool forked; /* since its last exec */
    const struct filesystem *needs;
    unsigned changes, calls;
    struct action program; /* its SIGSYS */
  };
  char page[PAGE];
} batch;

#define SIGSYS_BIT (1ULL << (SIGSYS - 1))

/* What libc's headers leave out. */
#ifndef SA_RESTORER
#define SA_RESTORER 0x04000000
#endif
#ifndef SYS_USER_DISPATCH
#define SYS_USER_DISPATCH 2
#endif

static void close_batch(void)
{
  call_selector = ALLOW;
  batch.open = false;
  GATE(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF);
  GATE(SYS_rt_sigaction, SIGSYS, &batch.program, NULL, sizeof batch.program.mask);
  GATE(SYS_close, pending.descriptor);
  pending.descriptor = NONE;
  close_ahead();
}

/* Signals are blocked, or we are in the handler, which blocks them. */
static void end_batch(const char *call)
{
  char note[32];
  struct text text = empty_text(note, sizeof note);
  const struct change change = {
    .call = call, .dirfd = pending.descriptor, .path = ".", .file = NONE
  };

  add_number(&text, batch.changes);
  add_string(&text, " changes");
  trace_with(note);
  call_selector = ALLOW;
  if (flush_directory(&change, batch.needs, pending.descriptor) == -1)
    give_up(pending.descriptor, batch.changes, errno);
  close_batch();
}

/* The dispatch delivers SIGSYS, and the kernel ends a program that has it blocked:
 * not where it is, nor where a handler of the program's would block it. */
static bool blocks_sigsys(int signal)
{
  struct action action;

  return signal != SIGSYS && GATE(SYS_rt_sigaction, signal, NULL, &action, sizeof action.mask) == 0
      && action.handler != (void *) SIG_DFL && action.handler != (void *) SIG_IGN
      && (action.mask & SIGSYS_BIT);
}

static bool a_handler_blocks_sigsys(void)
{
  enum { SIGNALS = 64 };

  for (int signal = 1; signal <= SIGNALS; signal++)
    if (blocks_sigsys(signal))
      return true;
  return false;
}

/* The lowest number that is free for what the descriptor FD leads to, as if the batch had
 * taken none. */
static long moved_down(long fd)
{
  long closes = GATE(SYS_fcntl, fd, F_GETFD);
  long lower = GATE(SYS_fcntl, fd, closes == FD_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD, 0);

  if (lower < 0)
    return fd;
  GATE(SYS_close, lower < fd ? fd : lower);
  return lower < fd ? lower : fd;
}

/* After CALL, which has been made, the batch cannot go on: a signal ends the process, which
 * tells of it, or has a handler that blocks ours; or a descriptor of the batch is where that
 * of the program would be.  Nothing else runs until we return. */
static long end_after(const struct call *call, long result)
{
  switch (call->number) {
    case SYS_rt_sigaction:
      if (call->arguments[1]
          && (signal_ends(call->arguments[0]) || blocks_sigsys(call->arguments[0])))
        end_batch("rt_sigaction");
      return result;
    case SYS_open:
    case SYS_openat:
    case SYS_creat:
      if (result < HIGH)
        return result;
      end_batch("open");
      return moved_down(result);
    default: return result;
  }
}

static void on_call(int signal, siginfo_t *info, void *context)
{
  struct call call;
  char number[32];
  long result;
  int saved = errno;

  (void) signal;
  call_selector = ALLOW;
  if (info->si_code != SYS_USER_DISPATCH) {
    /* The program's own, from kill(2): for it, once we are out of the way. */
    end_batch("SIGSYS");
    GATE(SYS_rt_tgsigqueueinfo, sys_getpid(), sys_getpid(), SIGSYS, info);
    errno = saved;
    return;
  }
  call = call_of(info, context);
  /* The batch may have taken the last descriptor. */
  if (++batch.calls < MOST_CALLS && do_inward(&call, &result) && result != -EMFILE) {
    answer(context, end_after(&call, result));
  } else {
    end_batch(name_of_call(&call, number, sizeof number));
    make_again(context);
  }
  errno = saved;
  call_selector = batch.open ? BLOCK : ALLOW;
}

/* Whether the program may use the dispatch itself: the kernel does not tell, but such a
 * program wants to know which call it was. */
static bool has_own_dispatch(void)
{
  struct action action;

  return GATE(SYS_rt_sigaction, SIGSYS, NULL, &action, sizeof action.mask) == 0
      && (action.flags & SA_SIGINFO);
}

/* NULL, or why each change must be flushed when it is made. */
SELDOM static const char *why_strict(const struct filesystem *needs,
                                     const struct sys_stat *directory, sys_signals blocked)
{
  if (batch.owner == 0) {
    batch.owner = sys_getpid();
    batch.forked = true;
  }
  if (batch.owner != sys_getpid())
    return "strict: a child of vfork";
  if (needs->may_commit_fast && !commits_in_order(directory))
    return "strict: fast_commit, or /proc does not say";
  if ((blocked & SIGSYS_BIT) || a_handler_blocks_sigsys())
    return "strict: SIGSYS is blocked";
  if (has_own_dispatch())
    return "strict: SIGSYS may be for a dispatch of its own";
  if (GATE(SYS_prctl, PR_GET_SECCOMP) != 0)
    return "strict: a seccomp filter";
  return why_not_alone(batch.forked);
}

/* Each call of the thread comes to us, from now on while BLOCK says so. */
static bool start_dispatch(void)
{
  const char *start = (const char *) syncdir__gate, *end = syncdir__gate_end;

#ifndef ARCHIVE
  if (!has_servers()) {
    start = __ehdr_start;
    end = etext;
  }
#endif
  call_selector = ALLOW;
  return GATE(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, start, end - start,
              &call_selector)
      == 0;
}

/* SIGSYS, the dispatch, and the descriptor: all of them, or none. */
SELDOM static const char *open_batch(const struct filesystem *needs, int directory)
{
  const struct action ours = { on_call, SA_SIGINFO | SA_RESTORER, syncdir__restorer, ~0ULL };

  pending.descriptor = GATE(SYS_fcntl, directory, F_DUPFD_CLOEXEC, HIGH);
  if (pending.descriptor < 0)
    return "strict: no descriptor";
  if (GATE(SYS_rt_sigaction, SIGSYS, &ours, &batch.program, sizeof ours.mask) != 0) {
    GATE(SYS_close, pending.descriptor);
    return "strict: no handler";
  }
  if (!start_dispatch()) {
    close_batch();
    return "strict: the kernel has no syscall user dispatch";
  }
  batch.open = true;
  batch.needs = needs;
  pending.inode = 0;
  batch.changes = batch.calls = 0;
  forget_opened();
  open_ahead();
  return NULL;
}

/* False: the flush must be done now. */
static bool join(const struct change *change, const struct filesystem *needs, int directory,
                 sys_signals blocked)
{
  struct sys_stat st = sys_stat_of(directory, STAT_TYPE | STAT_INODE | STAT_ANY_MOUNT);

  if (batch.open && !is_on_its_filesystem(&st))
    end_batch(change->call);
  if (!batch.open) {
    const char *why = why_strict(needs, &st, blocked);

    if (!why)
      why = open_batch(needs, directory);
    if (why) {
      trace_with(why);
      return false;
    }
    pending.major = st.major;
    pending.minor = st.minor;
    pending.mount = st.mask & STAT_UNIQUE_MOUNT ? st.mount : 0;
  }
  if (pending.inode != st.inode && !flush_next(directory)) {
    end_batch(change->call);
    return false;
  }
  pending.inode = st.inode;
  batch.changes++;
  note_if_new(change);
  note_opened(directory, OPENED); /* by our caller, who closes it */
  return true;
}

bool defer_flush(const struct change *change, const struct filesystem *needs, int directory)
{
  struct pause before;
  bool put_off;

  if (!needs->one_journal || (batch.open && batch.owner != sys_getpid())
      || defer_pause(&before) == -1)
    return false;
  put_off = join(change, needs, directory, before.blocked);
  before.calls = batch.open ? BLOCK : ALLOW;
  defer_go_on(&before);
  return put_off;
}

void defer_open(struct pause *paused)
{
  if (!batch.open || !may_be_leased())
    return;
  end_batch("open");
  paused->calls = ALLOW;
}

/* A child of fork finds the page empty and takes it; a child of vfork finds our number
 * in it.  One whose parent has taken it for itself does so in its place, and then the
 * parent is strict. */
bool defer_start(void)
{
  if (GATE(SYS_madvise, &batch, PAGE, MADV_WIPEONFORK) != 0)
    return false;
  batch.owner = sys_getpid();
  return true;
}

#else

void defer_open(struct pause *paused)
{
  (void) paused;
}

bool defer_start(void)
{
  return false;
}

bool defer_flush(const struct change *change, const struct filesystem *needs, int directory)
{
  (void) change, (void) needs, (void) directory;
  return false;
}

#endif

#ifdef ARCHIVE
const char syncdir_deferred = 1;
#endif
