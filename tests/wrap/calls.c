/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds for every wrapped call, tried on each of them: in one file, because all claims
 * go through one table of calls. */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "scene.h"

/* This C library may lack it. */
#pragma weak openat2

/* What a call opened, to be closed after it was judged. */
static int opened = -1;
static FILE *stream;

/* Paths are relative to it, for the calls that take one. */
static int base = AT_FDCWD;

static int keep_fd(int fd)
{
  opened = fd;
  return fd == -1 ? -1 : 0;
}

static int keep_stream(FILE *made)
{
  stream = made;
  return made ? 0 : -1;
}

static void close_what_was_opened(void)
{
  if (stream)
    fclose(stream);
  else if (opened != -1)
    close(opened);
  stream = NULL;
  opened = -1;
}

/* Each makes, removes or moves PATH, and returns 0 or -1. */
#define TRY(call, ...)                    \
  static int try_##call(const char *path) \
  {                                       \
    return __VA_ARGS__;                   \
  }
enum { CREATE = O_CREAT | O_RDWR };

TRY(open, keep_fd(CALL(open)(path, CREATE, 01666)))
TRY(open64, keep_fd(CALL(open64)(path, CREATE, 01666)))
TRY(openat, keep_fd(CALL(openat)(base, path, CREATE, 01666)))
TRY(openat64, keep_fd(CALL(openat64)(base, path, CREATE, 01666)))
TRY(openat2, keep_fd(CALL(openat2)(base, path, (void *) (uint64_t[]) { CREATE, 01666, 0 }, 24)))
TRY(creat, keep_fd(CALL(creat)(path, 01666)))
TRY(creat64, keep_fd(CALL(creat64)(path, 01666)))
TRY(link, CALL(link)("source", path))
TRY(linkat, CALL(linkat)(base, "source", base, path, 0))
TRY(symlink, CALL(symlink)("target", path))
TRY(symlinkat, CALL(symlinkat)("target", base, path))
TRY(rename, CALL(rename)("from/source", path))
TRY(renameat, CALL(renameat)(base, "from/source", base, path))
TRY(renameat2, CALL(renameat2)(base, "from/source", base, path, 0))
TRY(unlink, CALL(unlink)(path))
TRY(unlinkat, CALL(unlinkat)(base, path, 0))
TRY(rmdir, CALL(rmdir)(path))
TRY(remove, CALL(remove)(path))
TRY(mkdir, CALL(mkdir)(path, 01777))
TRY(mkdirat, CALL(mkdirat)(base, path, 01777))
TRY(mknod, CALL(mknod)(path, S_IFIFO | 01666, 0))
TRY(mknodat, CALL(mknodat)(base, path, S_IFIFO | 01666, 0))
TRY(mkfifo, CALL(mkfifo)(path, 01666))
TRY(mkfifoat, CALL(mkfifoat)(base, path, 01666))
TRY(fopen, keep_stream(CALL(fopen)(path, "w")))
TRY(fopen64, keep_stream(CALL(fopen64)(path, "a+")))
TRY(freopen, keep_stream(CALL(freopen)(path, "w", fdopen(dup(2), "w"))))
TRY(freopen64, keep_stream(CALL(freopen64)(path, "a", fdopen(dup(2), "w"))))

#ifndef BY_NAME
TRY(__open, keep_fd(__open(path, CREATE, 01666)))
TRY(__open64, keep_fd(__open64(path, CREATE, 01666)))
TRY(__xmknod, __xmknod(0, path, S_IFIFO | 01666, &(dev_t) { 0 }))
TRY(__xmknodat, __xmknodat(0, base, path, S_IFIFO | 01666, &(dev_t) { 0 }))
TRY(_IO_fopen, keep_stream(_IO_fopen(path, "w")))
#endif

/* The temporary family makes a name of its own from PATH. */
static char template[64];

static char *template_of(const char *path, const char *suffix)
{
  snprintf(template, sizeof template, "%sXXXXXX%s", path, suffix);
  return template;
}

TRY(mkstemp, keep_fd(CALL(mkstemp)(template_of(path, ""))))
TRY(mkstemp64, keep_fd(CALL(mkstemp64)(template_of(path, ""))))
TRY(mkostemp, keep_fd(CALL(mkostemp)(template_of(path, ""), O_CLOEXEC)))
TRY(mkostemp64, keep_fd(CALL(mkostemp64)(template_of(path, ""), O_CLOEXEC)))
TRY(mkstemps, keep_fd(CALL(mkstemps)(template_of(path, ".eml"), 4)))
TRY(mkstemps64, keep_fd(CALL(mkstemps64)(template_of(path, ".eml"), 4)))
TRY(mkostemps, keep_fd(CALL(mkostemps)(template_of(path, ".eml"), 4, O_CLOEXEC)))
TRY(mkostemps64, keep_fd(CALL(mkostemps64)(template_of(path, ".eml"), 4, O_CLOEXEC)))
TRY(mkdtemp, CALL(mkdtemp)(template_of(path, "")) ? 0 : -1)

enum kind {
  FILES,
  TEMPORARY_FILES,
  DIRECTORIES,
  TEMPORARY_DIRECTORIES,
  NAMES,
  REMOVED_FILES,
  REMOVED_DIRECTORIES,
  MOVED
};

static const struct call {
  const char *name;
  int (*try)(const char *path);
  enum kind kind;
  bool at; /* takes a dirfd */
} calls[] = {
/* clang-format off */
#define CALLED(name, kind, at) { #name, try_##name, kind, at }
  CALLED(open, FILES, false), CALLED(open64, FILES, false),
  CALLED(openat, FILES, true), CALLED(openat64, FILES, true),
  CALLED(openat2, FILES, true),
  CALLED(creat, FILES, false), CALLED(creat64, FILES, false),
  CALLED(link, NAMES, false), CALLED(linkat, NAMES, true),
  CALLED(symlink, NAMES, false), CALLED(symlinkat, NAMES, true),
  CALLED(rename, MOVED, false), CALLED(renameat, MOVED, true),
  CALLED(renameat2, MOVED, true),
  CALLED(unlink, REMOVED_FILES, false), CALLED(unlinkat, REMOVED_FILES, true),
  CALLED(rmdir, REMOVED_DIRECTORIES, false), CALLED(remove, REMOVED_FILES, false),
  CALLED(mkdir, DIRECTORIES, false), CALLED(mkdirat, DIRECTORIES, true),
  CALLED(mknod, NAMES, false), CALLED(mknodat, NAMES, true),
  CALLED(mkfifo, NAMES, false), CALLED(mkfifoat, NAMES, true),
  CALLED(fopen, FILES, false), CALLED(fopen64, FILES, false),
  CALLED(freopen, FILES, false), CALLED(freopen64, FILES, false),
#ifndef BY_NAME
  CALLED(__open, FILES, false), CALLED(__open64, FILES, false),
  CALLED(__xmknod, NAMES, false), CALLED(__xmknodat, NAMES, true),
  CALLED(_IO_fopen, FILES, false),
#endif
  CALLED(mkstemp, TEMPORARY_FILES, false), CALLED(mkstemp64, TEMPORARY_FILES, false),
  CALLED(mkostemp, TEMPORARY_FILES, false), CALLED(mkostemp64, TEMPORARY_FILES, false),
  CALLED(mkstemps, TEMPORARY_FILES, false), CALLED(mkstemps64, TEMPORARY_FILES, false),
  CALLED(mkostemps, TEMPORARY_FILES, false), CALLED(mkostemps64, TEMPORARY_FILES, false),
  CALLED(mkdtemp, TEMPORARY_DIRECTORIES, false),
  /* clang-format on */
};

/* A folder in which a call of KIND can act on the path "to/it". */
static void prepare(enum kind kind)
{
  LAY_OUT("to/", "from/", "from/source", "source");
  if (kind == REMOVED_FILES)
    LAY_OUT("to/it");
  if (kind == REMOVED_DIRECTORIES)
    LAY_OUT("to/it/");
}

static const char *expected(enum kind kind)
{
  switch (kind) {
    case FILES: return made_file("to/it");
    case TEMPORARY_FILES: return made_file(template);
    case DIRECTORIES: return made_directory("to/it");
    case TEMPORARY_DIRECTORIES: return made_directory(template);
    case NAMES: return made_name("to/it");
    case MOVED: return moved("from/source", "to/it");
    default: return removed_name("to/it");
  }
}

static bool begins_with(const struct call *call, const char *beginning)
{
  return strncmp(call->name, beginning, strlen(beginning)) == 0;
}

static bool is_freopen(const struct call *call)
{
  return begins_with(call, "freopen");
}

static void try_judged(const struct call *call, const char *path, int result)
{
  judge_begin();
  int found = call->try(path);
  judge_end();
  ck_assert_msg(found == result, "%s: %d, %s", call->name, found, strerror(errno));
}

START_TEST(every_call_flushes_what_it_changed_in_order_and_once)
{
  const struct call *call = &calls[_i];

  prepare(call->kind);
  try_judged(call, "to/it", 0);
  ck_flushed(FREOPEN_IS_LIBCS && is_freopen(call) ? "" : expected(call->kind));
  close_what_was_opened();
}
END_TEST

/* As daemons set it, as users do, and as careless programs. */
static const mode_t umasks[] = { 077, 027, 022, 002, 0 };

START_TEST(every_call_flushes_the_same_under_any_umask)
{
  const struct call *call = &calls[_i % COUNT(calls)];

  prepare(call->kind);
  umask(umasks[_i / COUNT(calls)]);
  try_judged(call, "to/it", 0);
  ck_flushed(FREOPEN_IS_LIBCS && is_freopen(call) ? "" : expected(call->kind));
  close_what_was_opened();
}
END_TEST

START_TEST(every_call_succeeds_through_a_dirfd_of_o_path)
{
  const struct call *call = &calls[_i];

  if (!call->at)
    return;
  LAY_OUT("base/");
  ck_assert(chdir("base") == 0);
  prepare(call->kind);
  ck_assert(chdir("..") == 0);
  base = open("base", O_PATH);
  try_judged(call, "to/it", 0);
  close(base);
  ck_assert(chdir("base") == 0);
  ck_flushed(expected(call->kind));
  ck_assert(chdir("..") == 0);
  close_what_was_opened();
}
END_TEST

START_TEST(every_call_leaves_errno_alone_when_it_succeeds)
{
  const struct call *call = &calls[_i];

  prepare(call->kind);
  errno = 77;
  ck_assert_int_eq(call->try("to/it"), 0);
  ck_assert_msg(errno == 77, "%s: errno is %d", call->name, errno);
  close_what_was_opened();
}
END_TEST

/* The permissions that each call above asks for, or that libc gives. */
static mode_t permissions(const struct call *call)
{
  switch (call->kind) {
    case DIRECTORIES: return 01777;
    case TEMPORARY_DIRECTORIES: return 0700;
    case TEMPORARY_FILES: return 0600;
    default: return strstr(call->name, "fopen") || is_freopen(call) ? 0666 : 01666;
  }
}

static mode_t type(const struct call *call)
{
  if (call->kind == DIRECTORIES || call->kind == TEMPORARY_DIRECTORIES)
    return S_IFDIR;
  return call->kind == NAMES ? S_IFIFO : S_IFREG;
}

START_TEST(every_call_that_makes_an_inode_gives_it_its_type_and_permissions)
{
  const struct call *call = &calls[_i];
  struct stat st;

  if (call->kind == MOVED || call->kind == REMOVED_FILES || call->kind == REMOVED_DIRECTORIES
      || begins_with(call, "link") || begins_with(call, "symlink"))
    return;
  prepare(call->kind);
  umask(0);
  ck_assert_int_eq(call->try("to/it"), 0);
  close_what_was_opened();
  ck_assert(stat(exists("to/it") ? "to/it" : template, &st) == 0);
  if (row() == ON_FUSE)
    st.st_mode |= permissions(call) & S_ISVTX; /* which a server may refuse to give */
  ck_assert_msg(st.st_mode == (type(call) | permissions(call)), "%s: %o", call->name, st.st_mode);
}
END_TEST

START_TEST(every_call_leaves_no_descriptor_behind)
{
  const struct call *call = &calls[_i];
  int before;

  prepare(call->kind);
  before = open_descriptors();
  ck_assert_int_eq(call->try("to/it"), 0);
  close_what_was_opened();
  ck_assert_msg(open_descriptors() == before, "%s", call->name);
}
END_TEST

/* Where the kernel gives 0 for a descriptor: what is no descriptor is -1. */
START_TEST(every_call_works_where_nothing_is_standard_input_output_or_error)
{
  const struct call *call = &calls[_i];
  int copies[3], left = 0, result;

  if (is_freopen(call))
    return; /* takes a copy of standard error */
  prepare(call->kind);
  judge_begin();
  for (int i = 0; i < 3; i++) {
    copies[i] = fcntl(i, F_DUPFD, 100);
    close(i);
  }
  errno = EEXIST; /* of an earlier call, and no reason to try again */
  result = call->try("to/it");
  close_what_was_opened();
  for (int i = 0; i < 3; i++) {
    left += fcntl(i, F_GETFD) != -1;
    dup2(copies[i], i);
    close(copies[i]);
  }
  judge_end();
  ck_assert_msg(result == 0, "%s: %s", call->name, strerror(errno));
  ck_assert_msg(left == 0, "%s: %d descriptors are left", call->name, left);
  ck_flushed(expected(call->kind));
}
END_TEST

START_TEST(every_call_that_opens_follows_a_final_symlink)
{
  const struct call *call = &calls[_i];

  if (call->kind != FILES)
    return;
  LAY_OUT("to/", "elsewhere/", "to/it>../elsewhere/target");
  try_judged(call, "to/it", 0);
  close_what_was_opened();
  ck_assert(exists("elsewhere/target"));
  ck_flushed(FREOPEN_IS_LIBCS && is_freopen(call) ? "" : made_file("elsewhere/target"));
}
END_TEST

START_TEST(every_failing_call_has_its_own_errno_and_flushes_nothing)
{
  const struct call *call = &calls[_i];

  prepare(call->kind);
  errno = 77;
  try_judged(call, "missing/it", -1);
  ck_assert_msg(errno == ENOENT, "%s: errno is %d", call->name, errno);
  ck_flushed("");
}
END_TEST

START_TEST(every_call_answers_a_bad_pointer_with_efault)
{
  const struct call *call = &calls[_i];

  /* libc itself reads a template; to freopen, NULL is no bad pointer. */
  if (call->kind == TEMPORARY_FILES || call->kind == TEMPORARY_DIRECTORIES)
    return;
  prepare(call->kind);
  errno = 0;
  try_judged(call, (const char *) 1, -1);
  ck_assert_msg(errno == EFAULT, "%s: errno is %d", call->name, errno);
  ck_flushed("");
  if (is_freopen(call))
    return;
  errno = 0;
  try_judged(call, NULL, -1);
  ck_assert_msg(errno == EFAULT, "%s: errno is %d", call->name, errno);
}
END_TEST

/* Whether another process would meet a write lock on PATH. */
static bool is_locked(const char *path)
{
  pid_t child = fork();
  int status;

  if (child == 0) {
    struct flock lock = { .l_type = F_WRLCK };
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR);

    _exit(fd == -1 || fcntl(fd, F_GETLK, &lock) == -1 ? 2 : lock.l_type != F_UNLCK);
  }
  ck_assert(waitpid(child, &status, 0) == child);
  ck_assert(WIFEXITED(status) && WEXITSTATUS(status) != 2);
  return WEXITSTATUS(status) == 1;
}

START_TEST(every_call_keeps_the_fcntl_locks_on_the_files_that_it_names)
{
  static const char *const files[] = { "source", "from/source", "to/other", "to/it" };
  const struct call *call = &calls[_i];
  struct flock lock = { .l_type = F_WRLCK };
  const char *now;

  if (is_freopen(call))
    return; /* glibc's own opens the file twice, and closes one */
  LAY_OUT("to/", "from/", "from/source", "source", "to/other");
  if (call->kind == REMOVED_DIRECTORIES)
    LAY_OUT("to/it/");
  else if (call->kind == REMOVED_FILES)
    ck_assert(syscall(SYS_linkat, AT_FDCWD, "to/other", AT_FDCWD, "to/it", 0) == 0);
  else if (call->kind == FILES || call->kind == MOVED)
    LAY_OUT("to/it");
  for (int i = 0; i < 4; i++) {
    int fd = open(files[i], O_RDWR);

    if (fd != -1)
      ck_assert(fcntl(fd, F_SETLK, &lock) == 0);
  }
  ck_assert_int_eq(call->try("to/it"), 0);
  for (int i = 0; i < 4; i++) {
    now = call->kind == MOVED && i == 1 ? "to/it" : files[i];
    if (exists(now) && (i < 3 || call->kind == FILES))
      ck_assert_msg(is_locked(now), "%s: the lock on %s is lost", call->name, now);
  }
}
END_TEST

/* Leaves room for MORE descriptors than are open now. */
static void limit_descriptors(int more)
{
  int lowest = dup(0);
  struct rlimit limit = { lowest + more, lowest + more };

  close(lowest);
  ck_assert(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

START_TEST(every_call_succeeds_with_a_full_table_and_flushes_by_another_way)
{
  const struct call *call = &calls[_i];
  bool makes_descriptor = call->kind == FILES || call->kind == TEMPORARY_FILES;
  const char *file = call->kind == FILES ? "to/it" : template;
  char instead[200];

  if (is_freopen(call))
    return; /* libc needs a second one itself, before it gives one back */
  prepare(call->kind);
  judge_begin();
  limit_descriptors(makes_descriptor ? 1 : 0);
  int result = call->try("to/it");
  judge_end();
  ck_assert_msg(result == 0, "%s: %s", call->name, strerror(errno));
  if (makes_descriptor) {
    snprintf(instead, sizeof instead, "syncfs %s, fsync %s", file, file);
    ck_flushed(row() == IN_MEMORY ? "" : instead);
  } else if (row() != IN_MEMORY) {
    ck_flushed("sync, sync");
  } /* else it depends on whether the mount is known already: there is no room to ask */
}
END_TEST

START_TEST(every_wrapped_name_is_tried)
{
  static const char *const names[] = {
#define WRAPPED(name) #name,
#include "wrapped.h"
#undef WRAPPED
  };

  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    int found = 0;

    for (int j = 0; j < COUNT(calls); j++)
      found += strcmp(calls[j].name, names[i]) == 0;
#ifdef BY_NAME
    found += *names[i] == '_';
#endif
    ck_assert_msg(found == 1, "%s is tried %d times", names[i], found);
  }
}
END_TEST

TCase *calls_case(void)
{
  TCase *tests = new_case("calls");

  EACH(every_call_flushes_what_it_changed_in_order_and_once, calls);
  tcase_add_loop_test(tests, every_call_flushes_the_same_under_any_umask, 0,
                      COUNT(umasks) * COUNT(calls));
  EACH(every_call_succeeds_through_a_dirfd_of_o_path, calls);
  EACH(every_call_leaves_errno_alone_when_it_succeeds, calls);
  EACH(every_call_that_makes_an_inode_gives_it_its_type_and_permissions, calls);
  EACH(every_call_leaves_no_descriptor_behind, calls);
  EACH(every_call_works_where_nothing_is_standard_input_output_or_error, calls);
  EACH(every_call_that_opens_follows_a_final_symlink, calls);
  EACH(every_failing_call_has_its_own_errno_and_flushes_nothing, calls);
  EACH(every_call_answers_a_bad_pointer_with_efault, calls);
  EACH(every_call_keeps_the_fcntl_locks_on_the_files_that_it_names, calls);
  EACH(every_call_succeeds_with_a_full_table_and_flushes_by_another_way, calls);
  tcase_add_test(tests, every_wrapped_name_is_tried);
  return tests;
}
