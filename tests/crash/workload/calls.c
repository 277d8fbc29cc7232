/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every wrapped call alone: its cases, each in a tree and a process of its own. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/hidden_names.h"
#include "layout.h"
#include "marks.h"
#include "workload.h"

/* A wrapped call without a case does not compile. */
#define CASE(name, layout, before, call, ...) typedef char case_of_##call;
#include "cases.inc"
#undef CASE
#define WRAPPED(name) _Static_assert(sizeof(case_of_##name) == 1, "cases.inc has a case of " #name);
#include "wrapped.h"

/* openat2's struct open_how: flags, mode, resolve.  The library has it, and this C library may not. */
#pragma weak openat2
static int own_openat2(int dirfd, const char *path, const struct open_how *how, size_t size)
{
  return syscall(SYS_openat2, dirfd, path, how, size);
}
#define openat2 (openat2 ? openat2 : own_openat2)
static const uint64_t creation[] = { O_CREAT | O_WRONLY, 0640, 0 };
static const struct open_how *const how_to_create = (const void *) creation;

/* The case that runs in this process, and its tree. */
static const char *current;
static char tree[64];

/* What the cases do before the call. */

static void nothing(void)
{
}

/* A path into a directory of the case that lies outside of its tree.  Nobody
 * judges what is in it, and nothing has ever flushed it. */
static const char *unsynced(const char *name)
{
  static char path[128];

  snprintf(path, sizeof path, "../../unsynced/%s/%s", current, name);
  return path;
}

static void check(int result, const char *what)
{
  if (result == -1)
    err(2, "%s: %s", current, what);
}

/* Not of the mode of what is in a layout: there may be one to rename it over. */
static void new_file(void)
{
  raw_file(unsynced("f"), "new");
  check(chmod(unsynced("f"), 0600), "chmod");
}

static void new_directory(void)
{
  raw_mkdir(unsynced("s"));
}

static void fsync_and_mark(int fd, const char *path)
{
  check(fsync(fd), "fsync");
  fsynced(tree, path);
}

static void fsynced_file(void)
{
  new_file();
  fsync_and_mark(raw_open(unsynced("f"), O_RDONLY), unsynced("f"));
}

static int tmpfile_fd;
static char tmpfile_path[64];

static void new_tmpfile(void)
{
  tmpfile_fd = raw_open("d", O_TMPFILE | O_WRONLY);
  dprintf(tmpfile_fd, "new\n");
  snprintf(tmpfile_path, sizeof tmpfile_path, "/proc/%d/fd/%d", (int) getpid(), tmpfile_fd);
}

static void fsynced_tmpfile(void)
{
  new_tmpfile();
  fsync_and_mark(tmpfile_fd, tmpfile_path);
}

static void with_open_file(void)
{
  raw_open("d/f", O_RDONLY);
}

static void in_d(void)
{
  enter("d");
}

static void in_a_b(void)
{
  enter("a/b");
}

static void in_removed_directory(void)
{
  raw_mkdir(unsynced("x"));
  enter(unsynced("x"));
  check(syscall(SYS_unlinkat, AT_FDCWD, "../x", AT_REMOVEDIR), "rmdir");
}

/* Neither /proc nor /sys tell anything there. */
static void in_chroot(void)
{
  check(chroot("."), "chroot");
}

static void as_nobody(void)
{
  check(setegid(65534), "setegid");
  check(seteuid(65534), "seteuid");
}

static void as_nobody_in_chroot(void)
{
  in_chroot();
  as_nobody();
}

static void leave_descriptors(int count)
{
  int lowest = dup(STDERR_FILENO);
  struct rlimit limit = { lowest + count, lowest + count };

  check(lowest, "dup");
  close(lowest);
  check(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

static void full_table(void)
{
  leave_descriptors(0);
}

static void one_descriptor_left(void)
{
  leave_descriptors(1);
}

static void three_directories(void)
{
  static const char *const paths[] = { "a", "a/b", "a/b/c" };

  for (int i = 0; i < 3; i++) {
    begins(tree, "%s: mkdir(\"%s\", 0750)", current, paths[i]);
    check(mkdir(paths[i], 0750), "mkdir");
    returned(tree);
  }
}

/* What the cases use as arguments. */

static int dir(const char *path)
{
  return raw_open(path, O_PATH | O_DIRECTORY);
}

/* Somebody else made the file a moment ago. */
static const char *born(const char *path)
{
  close(raw_open(path, O_CREAT | O_EXCL | O_WRONLY));
  return path;
}

static const char *absolute(const char *path)
{
  static char full[PATH_MAX];

  if (!getcwd(full, sizeof full - 1 - strlen(path)))
    err(2, "%s: getcwd", current);
  return strcat(strcat(full, "/"), path);
}

/* A path into the tree from a directory in unsynced(). */
static const char *from_unsynced(const char *path)
{
  static char full[128];

  snprintf(full, sizeof full, "../../../%s/%s", tree, path);
  return full;
}

static char template[] = "d/f.XXXXXX", with_suffix[] = "d/f.XXXXXX.eml";
static dev_t no_device;

/* 250 bytes: a name.  Three of them: a path for which the library's small buffer
 * is too short. */
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define LONG_NAME FIFTY FIFTY FIFTY FIFTY FIFTY
#define DEEP LONG_NAME "/" LONG_NAME "/" LONG_NAME
#define DEEP_LAYOUT LONG_NAME "/ " LONG_NAME "/" LONG_NAME "/ " DEEP "/"

/* Whether the call succeeded, by the type of what it returns. */
#define SUCCEEDED(result) _Generic((result), int : number_says, default : pointer_says)(result)

static bool number_says(int result)
{
  return result != -1;
}

static bool pointer_says(const void *result)
{
  return result != NULL;
}

#define CASE(name, layout, before, call, ...) \
  static bool run_##name(void)                \
  {                                           \
    return SUCCEEDED(call(__VA_ARGS__));      \
  }
#include "cases.inc"
#undef CASE

static const struct testcase {
  const char *name, *text, *layout;
  void (*before)(void);
  bool (*call)(void);
} cases[] = {
#define CASE(name, layout, before, call, ...) \
  { #name, #call "(" #__VA_ARGS__ ")", layout, before, run_##name },
#include "cases.inc"
#undef CASE
};

enum { CASES = sizeof cases / sizeof *cases };

static bool chosen[CASES];

static int index_of(const char *name)
{
  for (int i = 0; i < CASES; i++)
    if (strcmp(name, cases[i].name) == 0)
      return i;
  errx(2, "%s: there is no such case; --list calls shows all", name);
}

static void choose(char **names)
{
  memset(chosen, *names == NULL, sizeof chosen);
  for (; *names; names++)
    chosen[index_of(*names)] = true;
}

static void each_chosen(void (*act)(const struct testcase *it))
{
  for (int i = 0; i < CASES; i++)
    if (chosen[i])
      act(&cases[i]);
}

static void prepare(const struct testcase *it)
{
  char path[128];

  /* Few cases use it, and the filesystem may be small. */
  if (strstr(it->text, "unsynced(")) {
    snprintf(path, sizeof path, "unsynced/%s", it->name);
    raw_mkdir(path);
  }
  snprintf(path, sizeof path, "calls/%s", it->name);
  make_tree(path, it->layout);
}

/* What a filesystem answers that does not have such a thing. */
static bool is_refusal(int error)
{
  return error == EINVAL || error == EOPNOTSUPP || error == ENAMETOOLONG;
}

/* How a case ends, and how many did. */
enum { DONE, REFUSED, FAILED };
static int ended[FAILED + 1];

static int run_here(const struct testcase *it)
{
  bool done;
  int error;

  current = it->name;
  snprintf(tree, sizeof tree, "calls/%s", it->name);
  enter(tree);
  mark_files(tree, it->layout);
  it->before();
  begins(tree, "%s: %s", it->name, it->text);
  done = it->call();
  error = errno;
  returned(tree);
  if (done)
    return DONE;
  warnx("%s: %s: %s", it->name, it->text, strerror(error));
  return is_refusal(error) ? REFUSED : FAILED;
}

static void run(const struct testcase *it)
{
  pid_t child = fork();
  int status;

  if (child == -1)
    err(2, "cannot fork for %s", it->name);
  if (child == 0)
    _exit(run_here(it));
  if (waitpid(child, &status, 0) == -1)
    err(2, "cannot wait for %s", it->name);
  if (!WIFEXITED(status))
    warnx("%s: killed by signal %d", it->name, WTERMSIG(status));
  ended[WIFEXITED(status) && WEXITSTATUS(status) < FAILED ? WEXITSTATUS(status) : FAILED]++;
}

int run_calls(char **names)
{
  choose(names);
  raw_mkdir("calls");
  raw_mkdir("unsynced");
  each_chosen(prepare);
  sync_all();
  each_chosen(run);
  fprintf(stderr, "%d cases done, %d refused by this filesystem, %d failed\n", ended[DONE],
          ended[REFUSED], ended[FAILED]);
  return ended[FAILED] > 0;
}

void list_calls(void)
{
  for (int i = 0; i < CASES; i++)
    printf("%s\n", cases[i].name);
}
