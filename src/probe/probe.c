/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says on standard output whether the library is in charge of this process, which
 * the launcher starts as it would start the command:
 *
 *   loaded FILE        by its name, a library of ours
 *   answered           every wrapped call was flushed: the library was called
 *   silent NAME FILE   a call was made and not flushed; FILE is who answers to it
 *   failed NAME FILE   FILE, which is not ours, failed before there was a flush
 *   first NAME FILE    with --order: so has this one, but it calls the library
 *   untried            no filter is to be had here: the order alone was looked at
 *
 * Nothing is changed.  A seccomp filter answers success to each system call that would
 * make, move or remove a name, without making it; and refuses the flush that follows,
 * whose error the call then returns.  It refuses the library its look at the file and at
 * the filesystem as well, so that it must flush. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/hidden_names.h"

/* The number by which the library calls it. */
#ifdef SYS_fstatfs64
#define SYS_of_filesystem SYS_fstatfs64
#else
#define SYS_of_filesystem SYS_fstatfs
#endif

/* An errno that none of the calls gives by itself. */
enum { REFUSED = ECANCELED };

/* clang-format off */
#define IF(call, answer) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (answer))

/* An open that may make a file is answered with descriptor 0, which is open.  The flags are
 * argument WHICH, in its lower half. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOWER 4
#else
#define LOWER 0
#endif
#define IF_OPEN(call, which) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 4), \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[which]) + LOWER), \
  BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT, 0, 1), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static bool filter_changes(void)
{
  static struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    IF(fsync, REFUSED), IF(syncfs, REFUSED), IF(sync, REFUSED),
    IF(statx, ENOSYS), IF(of_filesystem, ENOSYS),
    IF(linkat, 0), IF(symlinkat, 0), IF(renameat2, 0), IF(unlinkat, 0), IF(mkdirat, 0),
    IF(mknodat, 0), IF_OPEN(openat, 2),
#ifdef SYS_openat2
    IF(openat2, 0),
#endif
#ifdef SYS_renameat
    IF(renameat, 0),
#endif
#ifdef SYS_open
    IF(link, 0), IF(symlink, 0), IF(rename, 0), IF(unlink, 0), IF(rmdir, 0), IF(mkdir, 0),
    IF(mknod, 0), IF(creat, 0), IF_OPEN(open, 1),
#endif
    /* clang-format on */
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  static struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
      && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* An existing file, because other preloads may look at it before they call. */
#define HERE "/dev/null"

static int of_stream(const FILE *stream)
{
  return stream ? 0 : -1;
}

/* Calls each wrapped name.  The functions are found as in any program that calls them. */
enum { MAKE = O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC };

#define TRY(name, arguments)  \
  static int try_##name(void) \
  {                           \
    return name arguments;    \
  }
#define TRY_STREAM(name, arguments)   \
  static int try_##name(void)         \
  {                                   \
    return of_stream(name arguments); \
  }
#define TEMPLATE char template[] = "/dev/XXXXXX"
#define TRY_TEMPLATE(name, ...)        \
  static int try_##name(void)          \
  {                                    \
    TEMPLATE;                          \
    return name(template __VA_ARGS__); \
  }
#define TRY_SUFFIX(name, ...)             \
  static int try_##name(void)             \
  {                                       \
    char template[] = "/dev/XXXXXX.t";    \
    return name(template, 2 __VA_ARGS__); \
  }

TRY(open, (HERE, MAKE, 0666))
TRY(open64, (HERE, MAKE, 0666))
TRY(__open, (HERE, MAKE, 0666))
TRY(__open64, (HERE, MAKE, 0666))
TRY(openat, (AT_FDCWD, HERE, MAKE, 0666))
TRY(openat64, (AT_FDCWD, HERE, MAKE, 0666))
TRY(creat, (HERE, 0666))
TRY(creat64, (HERE, 0666))
TRY(link, (HERE, HERE))
TRY(linkat, (AT_FDCWD, HERE, AT_FDCWD, HERE, 0))
TRY(symlink, (HERE, HERE))
TRY(symlinkat, (HERE, AT_FDCWD, HERE))
TRY(rename, (HERE, HERE))
TRY(renameat, (AT_FDCWD, HERE, AT_FDCWD, HERE))
TRY(renameat2, (AT_FDCWD, HERE, AT_FDCWD, HERE, 0))
TRY(unlink, (HERE))
TRY(unlinkat, (AT_FDCWD, HERE, 0))
TRY(rmdir, ("/dev"))
TRY(remove, (HERE))
TRY(mkdir, (HERE, 0777))
TRY(mkdirat, (AT_FDCWD, HERE, 0777))
TRY(mknod, (HERE, S_IFIFO | 0666, 0))
TRY(mknodat, (AT_FDCWD, HERE, S_IFIFO | 0666, 0))
TRY(mkfifo, (HERE, 0666))
TRY(mkfifoat, (AT_FDCWD, HERE, 0666))
TRY_STREAM(fopen, (HERE, "wx"))
TRY_STREAM(fopen64, (HERE, "wx"))
TRY_STREAM(freopen, (HERE, "wx", stdin))
TRY_STREAM(freopen64, (HERE, "wx", stdin))
TRY_TEMPLATE(mkstemp)
TRY_TEMPLATE(mkstemp64)
TRY_TEMPLATE(mkostemp, , O_CLOEXEC)
TRY_TEMPLATE(mkostemp64, , O_CLOEXEC)
TRY_SUFFIX(mkstemps)
TRY_SUFFIX(mkstemps64)
TRY_SUFFIX(mkostemps, , O_CLOEXEC)
TRY_SUFFIX(mkostemps64, , O_CLOEXEC)

static int try_mkdtemp(void)
{
  TEMPLATE;

  return mkdtemp(template) ? 0 : -1;
}

/* Names that only old programs call, and that not every C library exports. */
static int try___xmknod(void)
{
  __typeof__(&__xmknod) found = (__typeof__(&__xmknod)) dlsym(RTLD_DEFAULT, "__xmknod");
  dev_t device = 0;

  return found ? found(0, HERE, S_IFIFO | 0666, &device) : 0;
}

static int try___xmknodat(void)
{
  __typeof__(&__xmknodat) found = (__typeof__(&__xmknodat)) dlsym(RTLD_DEFAULT, "__xmknodat");
  dev_t device = 0;

  return found ? found(0, AT_FDCWD, HERE, S_IFIFO | 0666, &device) : 0;
}

/* Newer than many C libraries. */
static int try_openat2(void)
{
  struct {
    uint64_t flags, mode, resolve;
  } how = { MAKE, 0666, 0 };
  typedef int openat2_function(int, const char *, const void *, size_t);
  openat2_function *found = (openat2_function *) dlsym(RTLD_DEFAULT, "openat2");

  return found ? found(AT_FDCWD, HERE, &how, sizeof how) : 0;
}

static int try__IO_fopen(void)
{
  __typeof__(&fopen) found = (__typeof__(&fopen)) dlsym(RTLD_DEFAULT, "_IO_fopen");

  return found ? of_stream(found(HERE, "wx")) : 0;
}

static const struct {
  const char *name;
  int (*call)(void);
} calls[] = {
#define WRAPPED(name) { #name, try_##name },
#include "wrapped.h"
#undef WRAPPED
};

enum { CALLS = sizeof calls / sizeof *calls };

/* The file of the object that answers to NAME, or NULL. */
static const char *who_answers(const char *name)
{
  void *function = dlsym(RTLD_DEFAULT, name);
  Dl_info found;

  return function && dladdr(function, &found) ? found.dli_fname : NULL;
}

static bool is_syncdir(const char *file)
{
  return file && strstr(file, "/libsyncdir.so");
}

enum outcome { ANSWERED, SILENT, FAILED };

/* What becomes of CALL: everything in it succeeds, up to the flush. */
static enum outcome outcome_of(int (*call)(void))
{
  errno = 0;
  return call() != -1 ? SILENT : errno == REFUSED ? ANSWERED : FAILED;
}

static int print_loaded(struct dl_phdr_info *object, size_t size, void *unused)
{
  (void) size, (void) unused;
  if (is_syncdir(object->dlpi_name))
    printf("loaded %s\n", object->dlpi_name);
  return 0;
}

int main(int count, char **arguments)
{
  bool order = count == 2 && strcmp(arguments[1], "--order") == 0, all = true, filtered;
  const char *file[CALLS];

  dl_iterate_phdr(print_loaded, NULL);
  for (int i = 0; i < CALLS; i++)
    file[i] = who_answers(calls[i].name);
  /* The C library allocates now what it would need memory for later. */
  fflush(stdout);
  filtered = access(HERE, F_OK) == 0 && filter_changes();
  if (!filtered)
    puts("untried");
  for (int i = 0; i < CALLS; i++) {
    enum outcome outcome = filtered            ? outcome_of(calls[i].call)
                         : is_syncdir(file[i]) ? ANSWERED
                                               : SILENT;
    const char *word = outcome == SILENT || (outcome == FAILED && is_syncdir(file[i])) ? "silent"
                     : outcome == FAILED                                               ? "failed"
                     : order && !is_syncdir(file[i])                                   ? "first"
                                                                                       : NULL;

    all &= outcome != SILENT;
    if (word)
      printf("%s %s %s\n", word, calls[i].name, file[i] ? file[i] : "-");
  }
  if (all)
    puts("answered");
  return 0;
}
