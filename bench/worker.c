/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker OPERATION COUNT
 *
 * One contender of a race, in the current directory.  For each byte on standard
 * input it does one step, and answers with the nanoseconds that it took:
 *
 *   p  prepares COUNT calls     t  makes them, timed     u  undoes them
 *
 * The library under test stands in front of the timed calls alone: what is
 * prepared and undone is done by raw system calls. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 16, OPENS_EACH = 2000 };

static int count;
struct call {
  char name[32], other[32];
  int fd;
  FILE *stream;
};

static struct call *calls;

static _Noreturn void fail(const char *what)
{
  fprintf(stderr, "worker: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void must(long result, const char *what)
{
  if (result == -1)
    fail(what);
}

static void nothing(struct call *call)
{
  (void) call;
}

static void raw_file(struct call *call)
{
  int fd = syscall(SYS_openat, AT_FDCWD, call->name, O_WRONLY | O_CREAT | O_EXCL, 0644);

  must(fd, call->name);
  syscall(SYS_close, fd);
}

static void raw_unlink(struct call *call)
{
  must(syscall(SYS_unlinkat, AT_FDCWD, call->name, 0), call->name);
}

static void raw_unlink_other(struct call *call)
{
  must(syscall(SYS_unlinkat, AT_FDCWD, call->other, 0), call->other);
}

static void raw_rmdir(struct call *call)
{
  must(syscall(SYS_unlinkat, AT_FDCWD, call->name, AT_REMOVEDIR), call->name);
}

static void raw_close(struct call *call)
{
  must(syscall(SYS_close, call->fd), "close");
}

static void close_and_raw_unlink(struct call *call)
{
  raw_close(call);
  raw_unlink(call);
}

static void close_stream(struct call *call)
{
  fclose(call->stream);
}

/* clang-format off */
static void do_open_read(struct call *call) { call->fd = open("a/old", O_RDONLY); }
static void do_open_write(struct call *call) { call->fd = open("a/old", O_WRONLY); }
static void do_open_missing(struct call *call) { call->fd = open("a/missing", O_RDONLY); }
static void do_open_create_old(struct call *call)
{
  call->fd = open("a/old", O_WRONLY | O_CREAT, 0644);
}
static void do_fopen_append_old(struct call *call) { call->stream = fopen("a/old", "a"); }
static void do_link_existing(struct call *call) { call->fd = link("a/old", "a/old"); }
static void do_unlink_missing(struct call *call) { call->fd = unlink("a/missing"); }
static void do_creat(struct call *call) { must(call->fd = creat(call->name, 0644), call->name); }
static void do_open_create_new(struct call *call)
{
  must(call->fd = open(call->name, O_WRONLY | O_CREAT | O_EXCL, 0644), call->name);
}
static void do_link(struct call *call) { must(link("a/old", call->name), call->name); }
static void do_unlink(struct call *call) { must(unlink(call->name), call->name); }
static void do_mkdir(struct call *call) { must(mkdir(call->name, 0755), call->name); }
static void do_symlink(struct call *call) { must(symlink("old", call->name), call->name); }
static void do_rename(struct call *call) { must(rename(call->name, call->other), call->name); }
/* clang-format on */

/* All of a thread's opens, of one file. */
static void *open_and_close(void *unused)
{
  for (int i = 0; i < OPENS_EACH; i++)
    syscall(SYS_close, open("a/old", O_RDONLY));
  return unused;
}

static void do_threads(struct call *call)
{
  pthread_t threads[THREADS];

  (void) call;
  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, open_and_close, NULL) != 0)
      fail("pthread_create");
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
}

/* What a program does: a command of the shell, from the environment. */
static void run(const char *variable)
{
  const char *command = getenv(variable);

  if (!command || system(command) != 0)
    fail(command ? command : variable);
}

static void prepare_command(struct call *call)
{
  (void) call;
  run("PREPARE");
}
static void do_command(struct call *call)
{
  (void) call;
  run("COMMAND");
}

static const struct operation {
  const char *name;
  void (*prepare)(struct call *), (*call)(struct call *), (*undo)(struct call *);
  const char *other_folder;
} operations[] = {
  { "open-read", nothing, do_open_read, raw_close, NULL },
  { "open-write", nothing, do_open_write, raw_close, NULL },
  { "open-missing", nothing, do_open_missing, nothing, NULL },
  { "link-existing", nothing, do_link_existing, nothing, NULL },
  { "unlink-missing", nothing, do_unlink_missing, nothing, NULL },
  { "open-create-old", nothing, do_open_create_old, raw_close, NULL },
  { "fopen-append-old", nothing, do_fopen_append_old, close_stream, NULL },
  { "creat", nothing, do_creat, close_and_raw_unlink, NULL },
  { "open-create-new", nothing, do_open_create_new, close_and_raw_unlink, NULL },
  { "link", nothing, do_link, raw_unlink, NULL },
  { "unlink", raw_file, do_unlink, nothing, NULL },
  { "mkdir", nothing, do_mkdir, raw_rmdir, NULL },
  { "symlink", nothing, do_symlink, raw_unlink, NULL },
  { "rename", raw_file, do_rename, raw_unlink_other, "a" },
  { "rename-across", raw_file, do_rename, raw_unlink_other, "b" },
  { "threads", nothing, do_threads, nothing, NULL },
  { "command", prepare_command, do_command, nothing, NULL },
};

static const struct operation *operation_named(const char *name)
{
  for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
    if (strcmp(operations[i].name, name) == 0)
      return &operations[i];
  fprintf(stderr, "worker: there is no operation %s\n", name);
  exit(2);
}

static int64_t nanoseconds(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int64_t step(void (*each)(struct call *))
{
  int64_t begin = nanoseconds();

  for (int i = 0; i < count; i++)
    each(&calls[i]);
  return nanoseconds() - begin;
}

/* What was prepared is not left for the timed flushes to write. */
static void settle(void)
{
  int here = syscall(SYS_openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY, 0);

  must(here, ".");
  must(syscall(SYS_syncfs, here), "syncfs");
  syscall(SYS_close, here);
}

/* The folders and the file that the calls are made in and on. */
static void furnish(void)
{
  int fd;

  syscall(SYS_mkdirat, AT_FDCWD, "a", 0755);
  syscall(SYS_mkdirat, AT_FDCWD, "b", 0755);
  fd = syscall(SYS_openat, AT_FDCWD, "a/old", O_WRONLY | O_CREAT, 0644);
  must(fd, "a/old");
  syscall(SYS_close, fd);
}

static void raise_descriptors(void)
{
  struct rlimit limit;

  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
  const struct operation *operation;
  char what;

  if (argc != 3) {
    fprintf(stderr, "usage: worker OPERATION COUNT\n");
    return 2;
  }
  operation = operation_named(argv[1]);
  count = atoi(argv[2]);
  calls = calloc(count, sizeof *calls);
  if (!calls)
    fail("calloc");
  raise_descriptors();
  furnish();
  for (int i = 0; i < count; i++) {
    snprintf(calls[i].name, sizeof calls[i].name, "a/%d", i);
    snprintf(calls[i].other, sizeof calls[i].other, "%s/%d.new",
             operation->other_folder ? operation->other_folder : "a", i);
  }
  while (read(STDIN_FILENO, &what, 1) == 1) {
    int64_t taken;

    if (what == 't') {
      taken = step(operation->call);
    } else {
      taken = step(what == 'p' ? operation->prepare : operation->undo);
      settle();
    }
    if (write(STDOUT_FILENO, &taken, sizeof taken) != sizeof taken)
      return 1;
  }
  return 0;
}
