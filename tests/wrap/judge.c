/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judge: which flushes a process really asks the kernel for. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/sys.h"
#include "judge.h"

enum { FLUSHES_MAX = 4096, THREADS_MAX = 64 };

/* A close of no descriptor: how the judged process says that it is done. */
enum { THE_END = -4242 };

struct flush {
  const char *call;
  int error;
  char path[PATH_MAX];
};

struct record {
  int count;
  struct flush flushes[FLUSHES_MAX];
};

static struct record *record;

static pid_t judge;

/* What the judged process is told of every filesystem and every file: 0, the
 * truth. */
static uint32_t pretended_type;
static bool pretended_old;

/* How much later the clock and births are after the first open that makes a file,
 * what is done at its end, and whether that is over. */
static int stalled_clock, stalled_birth;
static void (*meanwhile)(void);
static bool opened;

/* A thread, the flush that it is in, or -1, where the answer goes of the system
 * call that it is in, and whether that call may make a file. */
struct thread {
  pid_t id;
  int flush;
  uint64_t statfs, statx, clock, usage;
  bool makes_file;
};

static void fail(const char *what)
{
  fprintf(stderr, "judge: %s: %s\n", what, strerror(errno));
  _exit(99);
}

static const char *name_of(uint64_t number)
{
  switch (number) {
    case SYS_fsync: return "fsync";
    case SYS_fdatasync: return "fdatasync";
    case SYS_syncfs: return "syncfs";
    case SYS_sync: return "sync";
    case SYS_sync_file_range: return "sync_file_range";
    default: return NULL;
  }
}

static void note_entry(pid_t thread, const char *call, int fd, int *which)
{
  struct flush *flush;
  char link[64];
  ssize_t length;

  if (record->count == FLUSHES_MAX)
    fail("too many flushes");
  *which = record->count++;
  flush = &record->flushes[*which];
  flush->call = call;
  *flush->path = '\0';
  if (strcmp(call, "sync") == 0)
    return;
  snprintf(link, sizeof link, "/proc/%d/fd/%d", (int) thread, fd);
  length = readlink(link, flush->path, sizeof flush->path - 1);
  strcpy(flush->path + (length < 0 ? 0 : length), length < 0 ? "?" : "");
}

static struct thread *known(pid_t id)
{
  static struct thread threads[THREADS_MAX];
  int i = 0;

  while (i < THREADS_MAX && threads[i].id != id && threads[i].id != 0)
    i++;
  if (i == THREADS_MAX)
    fail("too many threads");
  if (threads[i].id == 0)
    threads[i].flush = -1;
  threads[i].id = id;
  return &threads[i];
}

static void write_word(pid_t thread, uint64_t address, long word)
{
  if (ptrace(PTRACE_POKEDATA, thread, address, word) == -1)
    fail("ptrace");
}

static void add_to_word(pid_t thread, uint64_t address, long more)
{
  write_word(thread, address, ptrace(PTRACE_PEEKDATA, thread, address, NULL) + more);
}

/* The time after the open, as far as the answer tells. */
static void pretend_stall(const struct thread *thread)
{
  if (opened && thread->clock)
    add_to_word(thread->id, thread->clock, stalled_clock);
  if (opened && thread->statx) {
    add_to_word(thread->id, thread->statx + offsetof(struct sys_stat, changed.seconds),
                stalled_clock);
    add_to_word(thread->id, thread->statx + offsetof(struct sys_stat, born.seconds), stalled_birth);
  }
}

static void note_open(const struct thread *thread)
{
  if (opened || !thread->makes_file)
    return;
  opened = true;
  if (meanwhile)
    meanwhile();
}

/* f_type is the first member, a word; a birth in the first second of 1970 is
 * old.  What was flushed between two looks at getrusage had something to write. */
static void pretend(const struct thread *thread)
{
  static long dirtied;
  const uint64_t mask = thread->statx + offsetof(struct sys_stat, mask);
  uint64_t answered;

  if (thread->statfs && pretended_type)
    write_word(thread->id, thread->statfs, pretended_type);
  if (thread->usage && pretended_type)
    write_word(thread->id, thread->usage + offsetof(struct sys_usage, blocks_dirtied), ++dirtied);
  if (!thread->statx || !(pretended_type || pretended_old))
    return;
  answered = ptrace(PTRACE_PEEKDATA, thread->id, mask, NULL);
  if (pretended_old) {
    answered |= STAT_BORN;
    write_word(thread->id, thread->statx + offsetof(struct sys_stat, born.seconds), 0);
  }
  /* A mount has one type for ever, and is known by its number. */
  if (pretended_type)
    answered &= ~(uint64_t) STAT_UNIQUE_MOUNT;
  write_word(thread->id, mask, answered);
}

static bool reads_clock(const struct __ptrace_syscall_info *info)
{
#ifdef SYS_clock_gettime64
  if (info->entry.nr == SYS_clock_gettime64 && info->entry.args[0] == CLOCK_REALTIME)
    return true;
#endif
  return info->entry.nr == SYS_clock_gettime && info->entry.args[0] == CLOCK_REALTIME;
}

static bool makes_file(const struct __ptrace_syscall_info *info)
{
  switch (info->entry.nr) {
    case SYS_openat: return info->entry.args[2] & O_CREAT;
#ifdef SYS_open
    case SYS_open: return info->entry.args[1] & O_CREAT;
    case SYS_creat: return true;
#endif
    default: return false;
  }
}

/* Notes one stop at a system call; true if it was the end. */
static bool note_call(pid_t id)
{
  struct __ptrace_syscall_info info;
  struct thread *thread = known(id);

  if (ptrace(PTRACE_GET_SYSCALL_INFO, id, sizeof info, &info) == -1)
    return false;
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
    const char *call = name_of(info.entry.nr);

    thread->statfs = info.entry.nr == SYS_fstatfs ? info.entry.args[1] : 0;
    thread->statx = info.entry.nr == SYS_statx ? info.entry.args[4] : 0;
    thread->clock = reads_clock(&info) ? info.entry.args[1] : 0;
    thread->makes_file = makes_file(&info);
    thread->usage = info.entry.nr == SYS_getrusage ? info.entry.args[1] : 0;
    thread->flush = -1;
    if (call)
      note_entry(id, call, info.entry.args[0], &thread->flush);
    return info.entry.nr == SYS_close && (int) info.entry.args[0] == THE_END;
  }
  if (info.op == PTRACE_SYSCALL_INFO_EXIT && thread->flush != -1)
    record->flushes[thread->flush].error = info.exit.is_error ? -info.exit.rval : 0;
  if (info.op == PTRACE_SYSCALL_INFO_EXIT && !info.exit.is_error) {
    pretend(thread);
    pretend_stall(thread);
    note_open(thread);
  }
  return false;
}

/* A stop that is not ours to keep: hand the signal on. */
static int signal_of(int status)
{
  int signal = WSTOPSIG(status);

  return status >> 16 || signal == (SIGTRAP | 0x80) ? 0 : signal;
}

static void trace(pid_t process, int ready)
{
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK
                     | PTRACE_O_TRACEVFORK;
  int status;
  pid_t thread;

  if (ptrace(PTRACE_SEIZE, process, NULL, options) == -1
      || ptrace(PTRACE_INTERRUPT, process, NULL, NULL) == -1)
    fail("ptrace");
  if (write(ready, "", 1) != 1)
    fail("pipe");
  while ((thread = waitpid(-1, &status, __WALL)) > 0) {
    bool group_stop = status >> 16 == PTRACE_EVENT_STOP && WIFSTOPPED(status)
                   && WSTOPSIG(status) != SIGTRAP;

    if (!WIFSTOPPED(status))
      continue;
    if (WSTOPSIG(status) == (SIGTRAP | 0x80) && note_call(thread))
      _exit(0); /* the kernel lets go of whom we traced */
    if (group_stop)
      ptrace(PTRACE_LISTEN, thread, NULL, NULL);
    else
      ptrace(PTRACE_SYSCALL, thread, NULL, (long) signal_of(status));
  }
  _exit(0);
}

void judge_pretend(uint32_t type, bool old)
{
  pretended_type = type;
  pretended_old = old;
}

void judge_stall(int clock, int born)
{
  stalled_clock = clock;
  stalled_birth = born;
}

void judge_meanwhile(void (*act)(void))
{
  meanwhile = act;
}

void judge_begin(void)
{
  pid_t process = getpid();
  int saved = errno, pair[2];
  char byte = 0;

  if (!record)
    record = mmap(NULL, sizeof *record, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (record == MAP_FAILED || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
    fail("mmap or socketpair");
  record->count = 0;
  judge = fork();
  if (judge == -1)
    fail("fork");
  if (judge == 0) {
    /* Not before this process has said that we may, where Yama asks for it. */
    if (read(pair[1], &byte, 1) != 1)
      fail("socketpair");
    trace(process, pair[1]);
  }
  close(pair[1]); /* or the end of the judge would not be seen */
  prctl(PR_SET_PTRACER, judge, 0, 0, 0);
  if (write(pair[0], &byte, 1) != 1 || read(pair[0], &byte, 1) != 1)
    fail("socketpair");
  close(pair[0]);
  errno = saved;
}

void judge_end(void)
{
  int saved = errno, status;

  syscall(SYS_close, THE_END);
  while (waitpid(judge, &status, 0) == -1 && errno == EINTR)
    continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fail("the judge died");
  judge_pretend(0, false);
  judge_stall(0, 0);
  judge_meanwhile(NULL);
  errno = saved;
}

/* PATH as seen from FOLDER, or as it is. */
static const char *relative(const char *path, const char *folder)
{
  size_t length = strlen(folder);

  if (strncmp(path, folder, length) != 0)
    return path;
  if (path[length] == '\0')
    return ".";
  return path[length] == '/' ? path + length + 1 : path;
}

const char *judged(void)
{
  static char text[64 * 1024];
  char folder[PATH_MAX];
  size_t length = 0;

  if (!getcwd(folder, sizeof folder))
    fail("getcwd");
  *text = '\0';
  for (int i = 0; i < record->count && length < sizeof text; i++) {
    const struct flush *flush = &record->flushes[i];

    length += snprintf(text + length, sizeof text - length, "%s%s%s%s", i ? ", " : "", flush->call,
                       *flush->path ? " " : "", relative(flush->path, folder));
    if (flush->error && length < sizeof text)
      length += snprintf(text + length, sizeof text - length, "=%s", strerrorname_np(flush->error));
  }
  return text;
}
