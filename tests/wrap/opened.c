/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open and its kin: which of them made a file, and in which directory. */
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <time.h>
#include <wchar.h>

#include "core/sys.h"
#include "scene.h"
#include "seccomp.h"

enum { MESSAGES = 20 };

static int open_judged(const char *path, int flags)
{
  judge_begin();
  int fd = CALL(open)(path, flags, 0640);
  judge_end();
  return fd;
}

static const int creating_nothing[] = {
  O_RDONLY, O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC, O_WRONLY | O_APPEND, O_PATH, O_PATH | O_CREAT
};

START_TEST(open_without_o_creat_flushes_nothing)
{
  LAY_OUT("d/", "d/f");
  ck_assert_int_ne(open_judged("d/f", creating_nothing[_i]), -1);
  ck_flushed("");
}
END_TEST

/* O_DSYNC is a part of O_SYNC. */
static const int creating[] = { O_RDONLY,
                                O_WRONLY,
                                O_RDWR,
                                O_WRONLY | O_EXCL,
                                O_RDONLY | O_NOFOLLOW,
                                O_WRONLY | O_APPEND,
                                O_RDWR | O_TRUNC | O_CLOEXEC | O_SYNC | O_NONBLOCK | O_NOCTTY
                                  | O_NOATIME };

START_TEST(o_creat_flushes_whatever_the_access_mode)
{
  LAY_OUT("d/");
  ck_assert_int_ne(open_judged("d/f", O_CREAT | creating[_i]), -1);
  ck_flushed(made_file("d/f"));
}
END_TEST

/* Others may have found it, between the call and our look. */
START_TEST(o_creat_of_a_young_file_is_taken_for_made)
{
  LAY_OUT("d/", "d/f");
  if (_i == 1)
    ck_assert(syscall(SYS_linkat, AT_FDCWD, "d/f", AT_FDCWD, "d/g", 0) == 0);
  if (_i == 2)
    ck_assert(syscall(SYS_truncate, "d/f", 4096L) == 0);
  ck_assert_int_ne(open_judged("d/f", O_CREAT | O_WRONLY), -1);
  ck_flushed(made_file("d/f"));
}
END_TEST

/* By how much the clock moves while the program stands still inside its open, and
 * how much later than before that the file is born. */
static const struct {
  int clock, born;
} stalls[] = {
  { 120, 0 },     { 120, 120 }, { 86400, 0 },
  { -120, -120 }, { -120, 0 },  { -86400, -86400 }, /* somebody sets it back */
};

/* Each call that makes a file or finds one: "d/f". */
static const char *const finders[] = { "open",    "open64", "openat",  "openat64", "creat",
                                       "creat64", "fopen",  "fopen64", "freopen",  "freopen64" };

static bool find_or_make(int which, FILE *stream)
{
  switch (which) {
    case 0: return CALL(open)("d/f", O_CREAT | O_WRONLY, 0600) != -1;
    case 1: return CALL(open64)("d/f", O_CREAT | O_RDWR | O_TRUNC, 0600) != -1;
    case 2: return CALL(openat)(AT_FDCWD, "d/f", O_CREAT | O_NOFOLLOW, 0600) != -1;
    case 3: return CALL(openat64)(AT_FDCWD, "d/f", O_CREAT | O_APPEND, 0600) != -1;
    case 4: return CALL(creat)("d/f", 0600) != -1;
    case 5: return CALL(creat64)("d/f", 0600) != -1;
    case 6: return CALL(fopen)("d/f", "w");
    case 7: return CALL(fopen64)("d/f", "a+");
    case 8: return CALL(freopen)("d/f", "w", stream);
    default: return CALL(freopen64)("d/f", "a", stream);
  }
}

START_TEST(a_file_is_new_however_long_its_open_takes)
{
  int which = _i % COUNT(finders);
  FILE *stream;

  LAY_OUT("d/", "log");
  stream = fopen("log", "r");
  judge_stall(stalls[_i / COUNT(finders)].clock, stalls[_i / COUNT(finders)].born);
  judge_begin();
  bool done = find_or_make(which, stream);
  judge_end();
  ck_assert_msg(done, "%s: %s", finders[which], strerror(errno));
  if (!FREOPEN_IS_LIBCS || strncmp(finders[which], "freopen", 7) != 0)
    ck_flushed(made_file("d/f"));
}
END_TEST

/* On a network, FUSE, or an overlay that does not lie above btrfs. */
static bool births_may_be_of_another_clock(void)
{
  struct statfs fs;

  return row() == OTHER || row() == ON_FUSE
      || (row() == WITHOUT_JOURNAL && statfs(".", &fs) == 0 && fs.f_type == OVERLAYFS_SUPER_MAGIC);
}

START_TEST(an_old_file_is_new_to_no_call)
{
  FILE *stream;

  if (births_may_be_of_another_clock())
    return;
  LAY_OUT("d/", "d/f", "log");
  stream = fopen("log", "r");
  judge_pretend(0, true);
  judge_begin();
  bool done = find_or_make(_i, stream);
  judge_end();
  ck_assert_msg(done, "%s: %s", finders[_i], strerror(errno));
  ck_flushed("");
}
END_TEST

static bool empties(int which)
{
  return which == 1 || (which >= 4 && which <= 6) || which == 8;
}

/* To flush the directory would make the empty file durable before its new bytes. */
START_TEST(a_young_file_that_is_emptied_is_not_taken_for_made)
{
  FILE *stream;

  if (births_may_be_of_another_clock() || !empties(_i))
    return;
  LAY_OUT("d/", "d/f", "log");
  usleep(50000); /* several ticks of the clock by which files are born */
  stream = fopen("log", "r");
  judge_begin();
  bool done = find_or_make(_i, stream);
  judge_end();
  ck_assert_msg(done, "%s: %s", finders[_i], strerror(errno));
  ck_flushed("");
}
END_TEST

/* A file of the system that is older than a minute; NULL on one that has only
 * just been installed.  Its filesystem need not be the folder's. */
static const char *old_file(void)
{
  static const char *const files[] = { "/etc/debian_version", "/bin/sh", "/etc/passwd" };
  struct sys_stat st;

  for (int i = 0; i < COUNT(files); i++)
    if (sys_statx(AT_FDCWD, files[i], 0, STAT_BORN, &st) == 0 && (st.mask & STAT_BORN)
        && time(NULL) - st.born.seconds > 90)
      return files[i];
  return NULL;
}

START_TEST(o_creat_of_an_old_file_flushes_nothing_where_births_are_believed)
{
  const char *file = old_file();
  struct statfs fs;

  if (!file)
    return; /* births.sh makes one that is old enough */
  ck_assert_int_ne(open_judged(file, O_CREAT | O_RDONLY), -1);
  ck_assert(statfs(file, &fs) == 0);
  switch ((unsigned int) fs.f_type) {
    case 0xEF53:
    case 0x58465342:
    case 0x9123683E:
    case 0xF2F52010:
    case 0x01021994: ck_flushed(""); break;
    default: ck_assert_str_ne(judged(), "");
  }
}
END_TEST

START_TEST(o_creat_of_what_is_no_regular_file_flushes_nothing)
{
  LAY_OUT("d/");
  ck_assert(syscall(SYS_mknodat, AT_FDCWD, "d/fifo", S_IFIFO | 0600, 0) == 0);
  ck_assert_int_ne(open_judged("d/fifo", O_CREAT | O_RDWR), -1);
  ck_flushed("");
  ck_assert_int_ne(open_judged("/dev/null", O_CREAT | O_WRONLY), -1);
  ck_flushed("");
}
END_TEST

/* d/l leads to e/target in several ways; the name that comes to be is in e. */
static const char *const links[] = { "d/l>../e/target", "d/l>m/../../e/target", "d/l>chain",
                                     "d/l>ABSOLUTE" };

START_TEST(a_final_symlink_is_followed_to_the_directory_that_changed)
{
  const char *link = links[_i];
  char absolute[4096 + 16], here[4096];

  LAY_OUT("d/", "e/", "d/m/", "d/chain>../e/target");
  if (strcmp(link, "d/l>ABSOLUTE") == 0) {
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    snprintf(absolute, sizeof absolute, "d/l>%s/e/target", here);
    link = absolute;
  }
  LAY_OUT(link);
  ck_assert_int_ne(open_judged("d/l", O_CREAT | O_WRONLY), -1);
  ck_assert(exists("e/target"));
  ck_flushed(made_file("e/target"));
}
END_TEST

/* Longer than what /proc tells us into the small buffer; and much longer. */
START_TEST(a_final_symlink_is_followed_to_a_directory_far_down)
{
  char name[201], path[3 * sizeof name], link[sizeof "d/l>../" + sizeof path + sizeof "/target"];
  int fd;

  memset(name, 'x', sizeof name);
  name[sizeof name - 1] = '\0';
  for (int level = 0; _i == 1 && level < 12; level++)
    ck_assert(syscall(SYS_mkdirat, AT_FDCWD, name, 0777) == 0 && chdir(name) == 0);
  LAY_OUT("d/");
  snprintf(path, sizeof path, "%s/", name);
  LAY_OUT(path);
  snprintf(path, sizeof path, "%s/%s/", name, name);
  LAY_OUT(path);
  snprintf(path, sizeof path, "%s/%s/%s", name, name, name);
  ck_assert(syscall(SYS_mkdirat, AT_FDCWD, path, 0777) == 0);
  snprintf(link, sizeof link, "d/l>../%s/target", path);
  LAY_OUT(link);
  fd = open_judged("d/l", O_CREAT | O_WRONLY);
  ck_assert_int_ne(fd, -1);
  strcat(strcpy(link, path), "/target");
  ck_flushed(made_file(link));
}
END_TEST

START_TEST(a_final_symlink_through_a_dirfd_is_followed)
{
  int dirfd, fd;

  LAY_OUT("d/", "e/", "d/l>../e/target");
  dirfd = open("d", O_RDONLY | O_DIRECTORY);
  judge_begin();
  fd = CALL(openat)(dirfd, "l", O_CREAT | O_WRONLY, 0640);
  judge_end();
  ck_assert_int_ne(fd, -1);
  ck_flushed(made_file("e/target"));
}
END_TEST

/* Between the call and the look the path comes to lead to z instead of d: by a
 * symlink that is replaced, by another directory of the same name, and by another
 * task's chdir. */
static int to_sharer[2], from_sharer[2];

static void replace_symlink(void)
{
  ck_assert(syscall(SYS_symlinkat, "z", AT_FDCWD, "new") == 0);
  ck_assert(syscall(SYS_renameat2, AT_FDCWD, "new", AT_FDCWD, "way", 0) == 0);
}

static void replace_directory(void)
{
  ck_assert(syscall(SYS_renameat2, AT_FDCWD, "way", AT_FDCWD, "d", 0) == 0);
  ck_assert(syscall(SYS_renameat2, AT_FDCWD, "z", AT_FDCWD, "way", 0) == 0);
}

static void ask_sharer(void)
{
  char byte = 0;

  ck_assert(write(to_sharer[1], &byte, 1) == 1 && read(from_sharer[0], &byte, 1) == 1);
}

/* Has this process's current directory for its own, as a thread has. */
static void start_sharer(void)
{
  char byte;

  ck_assert(pipe(to_sharer) == 0 && pipe(from_sharer) == 0);
  if (syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0) != 0)
    return;
  close(to_sharer[1]);
  if (read(to_sharer[0], &byte, 1) == 1 && chdir("../z") == 0)
    byte = write(from_sharer[1], &byte, 1);
  _exit(0);
}

static const struct {
  const char *way; /* to d, until it is replaced */
  void (*replace)(void);
} replacements[] = {
  { "way>d", replace_symlink },
  { "way/", replace_directory },
  { NULL, ask_sharer },
};

static char lost_template[][32] = { "way/XXXXXX", "way/XXXXXX", "way/XXXXXX.eml",
                                    "way/XXXXXX.eml" };

static bool open_lost(int how)
{
  char *way = lost_template[how % 4];

  switch (how) {
    case 0: return CALL(mkstemp)(way) != -1;
    case 1: return CALL(mkostemp)(way, O_CLOEXEC) != -1;
    case 2: return CALL(mkstemps)(way, 4) != -1;
    case 3: return CALL(mkostemps)(way, 4, 0) != -1;
    case 4: return CALL(open)(strcpy(way, "way/f"), O_CREAT | O_EXCL, 0600) != -1;
    case 5: return CALL(open64)(strcpy(way, "way/f"), O_CREAT | O_NOFOLLOW, 0600) != -1;
    case 6: return CALL(openat)(AT_FDCWD, strcpy(way, "way/f"), O_CREAT, 0600) != -1;
    case 7: return CALL(creat)(strcpy(way, "way/f"), 0600) != -1;
    default: return CALL(fopen)(strcpy(way, "way/f"), "wx");
  }
}

START_TEST(a_path_that_leads_elsewhere_after_the_open_flushes_the_directory_of_the_file)
{
  const char *way = replacements[_i / 9].way;
  char path[64];

  LAY_OUT("d/", "z/");
  if (way)
    LAY_OUT(way);
  else
    start_sharer();
  judge_meanwhile(replacements[_i / 9].replace);
  if (!way)
    ck_assert(syscall(SYS_mkdirat, AT_FDCWD, "d/way", 0777) == 0
              && syscall(SYS_mkdirat, AT_FDCWD, "z/way", 0777) == 0 && chdir("d") == 0);
  judge_begin();
  bool done = open_lost(_i % 9);
  judge_end();
  if (!way)
    ck_assert(chdir("..") == 0);
  ck_assert(done);
  snprintf(path, sizeof path, "d%s/%s", way ? "" : "/way", lost_template[_i % 9 % 4] + 4);
  ck_assert(exists(path));
  ck_flushed(made_file(path));
}
END_TEST

static void *open_in_a_table_of_its_own(void *path)
{
  if (unshare(CLONE_FILES) == -1)
    return NULL;
  return CALL(open)(path, O_CREAT | O_WRONLY, 0640) == -1 ? NULL : path;
}

START_TEST(a_final_symlink_is_followed_by_a_thread_with_descriptors_of_its_own)
{
  pthread_t thread;
  void *result = NULL;

  LAY_OUT("d/", "e/", "d/l>../e/target");
  judge_begin();
  ck_assert(pthread_create(&thread, NULL, open_in_a_table_of_its_own, "d/l") == 0);
  ck_assert(pthread_join(thread, &result) == 0);
  judge_end();
  ck_assert_ptr_nonnull(result);
  ck_flushed(made_file("e/target"));
}
END_TEST

START_TEST(a_symlink_that_ends_outside_in_a_device_flushes_nothing)
{
  LAY_OUT("d/", "d/l>/dev/null");
  ck_assert_int_ne(open_judged("d/l", O_CREAT | O_WRONLY), -1);
  ck_flushed("");
}
END_TEST

START_TEST(a_file_without_a_name_is_opened_without_a_flush_or_a_leak)
{
  char path[64];
  int fd, again, before;

  LAY_OUT("d/", "d/f");
  fd = open("d/f", O_RDONLY);
  ck_assert(syscall(SYS_unlinkat, AT_FDCWD, "d/f", 0) == 0);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  before = open_descriptors();
  again = open_judged(path, O_CREAT | O_WRONLY);
  ck_assert_int_ne(again, -1);
  ck_flushed("");
  close(again);
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

START_TEST(o_excl_and_o_nofollow_do_not_follow)
{
  LAY_OUT("d/", "e/", "d/l>../e/target");
  ck_assert_int_eq(open_judged("d/l", O_CREAT | O_EXCL | O_WRONLY), -1);
  ck_assert_int_eq(errno, EEXIST);
  ck_flushed("");
  ck_assert_int_eq(open_judged("d/l", O_CREAT | O_NOFOLLOW | O_WRONLY), -1);
  ck_assert_int_eq(errno, ELOOP);
  ck_flushed("");
}
END_TEST

START_TEST(o_tmpfile_keeps_its_mode_and_flushes_nothing)
{
  struct stat st;
  int fd;

  umask(0);
  judge_begin();
  switch (_i) {
    case 0: fd = CALL(open)(".", O_TMPFILE | O_RDWR, 0640); break;
    case 1: fd = CALL(open64)(".", O_TMPFILE | O_RDWR, 0640); break;
    case 2: fd = CALL(openat)(AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0640); break;
    default: fd = CALL(openat64)(AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0640);
  }
  judge_end();
  if (fd == -1 && (errno == EOPNOTSUPP || errno == EISDIR))
    return; /* this filesystem has none: overlayfs, FUSE */
  ck_assert_int_ne(fd, -1);
  ck_flushed("");
  ck_assert(fstat(fd, &st) == 0);
  ck_assert_int_eq(st.st_mode & 07777, 0640);
}
END_TEST

START_TEST(linkat_of_an_o_tmpfile_flushes_the_directory_of_its_new_name)
{
  char path[64];
  int fd, result;

  LAY_OUT("d/");
  fd = CALL(open)(".", O_TMPFILE | O_RDWR, 0600);
  if (fd == -1 && (errno == EOPNOTSUPP || errno == EISDIR))
    return;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  judge_begin();
  if (_i == 0)
    result = CALL(linkat)(AT_FDCWD, path, AT_FDCWD, "d/f", AT_SYMLINK_FOLLOW);
  else
    result = CALL(linkat)(fd, "", AT_FDCWD, "d/f", AT_EMPTY_PATH);
  judge_end();
  if (_i == 1 && result == -1 && errno == ENOENT && geteuid() != 0)
    return; /* AT_EMPTY_PATH wants CAP_DAC_READ_SEARCH */
  ck_assert_msg(result == 0, "%s", strerror(errno));
  ck_flushed(made_name("d/f"));
}
END_TEST

START_TEST(open_returns_the_lowest_free_descriptor)
{
  int made, copies[3];

  LAY_OUT("d/");
  for (int i = 0; i < 3; i++) {
    copies[i] = fcntl(i, F_DUPFD, 100);
    close(i);
  }
  made = CALL(open)("d/f", O_CREAT | O_WRONLY, 0640);
  for (int i = 0; i < 3; i++) {
    dup2(copies[i], i);
    close(copies[i]);
  }
  ck_assert_int_eq(made, 0);
}
END_TEST

static const struct {
  const char *mode;
  bool creates;
} modes[] = {
  { "w", true },           { "w+", true },
  { "wx", true },          { "wbe", true },
  { "a", true },           { "a+", true },
  { "w,ccs=UTF-8", true }, { "r", false },
  { "r+", false },         { "rb,ccs=UTF-8", false },
};

START_TEST(modes_of_fopen_that_create_flush_and_others_do_not)
{
  FILE *stream;

  LAY_OUT("d/");
  if (!modes[_i].creates)
    LAY_OUT("d/f");
  judge_begin();
  stream = CALL(fopen)("d/f", modes[_i].mode);
  judge_end();
  ck_assert_ptr_nonnull(stream);
  ck_flushed(modes[_i].creates ? made_file("d/f") : "");
  fclose(stream);
}
END_TEST

START_TEST(mkfifo_of_another_type_fails_as_ever)
{
  LAY_OUT("d/");
  ck_assert_int_eq(CALL(mkfifo)("d/p", S_IFREG | 0600), -1);
  ck_assert_int_eq(errno, EINVAL);
}
END_TEST

/* What each C library does for itself, ours must do with it inside. */
#ifdef __GLIBC__
START_TEST(a_stream_that_appends_begins_at_the_end)
{
  FILE *stream;

  LAY_OUT("d/");
  stream = CALL(fopen)("d/f", "w");
  ck_assert(fputs("header", stream) >= 0 && fclose(stream) == 0);
  stream = CALL(fopen)("d/f", "a");
  ck_assert_int_eq(ftell(stream), 6);
  fclose(stream);
}
END_TEST

START_TEST(a_plus_behind_other_letters_counts)
{
  static const char *const later[] = { "rbcme+", "rbme+", "r+" };

  LAY_OUT("d/", "d/f");
  for (int i = 0; i < COUNT(later); i++) {
    FILE *stream = CALL(fopen)("d/f", later[i]);

    ck_assert_msg(fputs("x", stream) >= 0 && fclose(stream) == 0, "%s", later[i]);
  }
}
END_TEST

START_TEST(the_first_seven_letters_of_a_mode_count)
{
  LAY_OUT("d/", "d/f", "e/", "d/l>../e/target");
  ck_assert_ptr_null(CALL(fopen)("d/f", "wbbbbbx"));
  ck_assert_int_eq(errno, EEXIST);
  ck_assert_ptr_nonnull(CALL(fopen)("d/f", "wbbbbbbx"));
  judge_begin();
  ck_assert_ptr_nonnull(CALL(fopen)("d/l", "wbbbbbbx"));
  judge_end();
  ck_flushed(made_file("e/target"));
  ck_assert_int_eq(fputc('x', CALL(fopen)("d/f", "rbbbbbb+")), EOF);
  ck_assert_int_eq(fcntl(fileno(CALL(fopen)("d/f", "rbbbbbbe")), F_GETFD), 0);
  ck_assert_int_eq(fcntl(fileno(CALL(fopen)("d/f", "rbbbbbe")), F_GETFD), FD_CLOEXEC);
}
END_TEST

static void *fopen_with_cancel_pending(void *mode)
{
  pthread_cancel(pthread_self());
  CALL(fopen)("f", mode);
  return NULL;
}

START_TEST(a_stream_of_mode_c_is_no_cancellation_point)
{
  pthread_t thread;
  void *result = PTHREAD_CANCELED;

  ck_assert(pthread_create(&thread, NULL, fopen_with_cancel_pending, "wc") == 0);
  ck_assert(pthread_join(thread, &result) == 0);
  ck_assert_ptr_null(result);
  ck_assert(exists("f"));
}
END_TEST
#else
START_TEST(every_letter_of_a_mode_counts)
{
  LAY_OUT("d/", "d/f");
  ck_assert_ptr_null(CALL(fopen)("d/f", "wbbbbbbbbbx"));
  ck_assert_int_eq(errno, EEXIST);
  ck_assert_int_eq(fputc('x', CALL(fopen)("d/f", "rbbbbbbbbb+")), 'x');
  ck_assert_int_eq(fcntl(fileno(CALL(fopen)("d/f", "rbbbbbbbbbe")), F_GETFD), FD_CLOEXEC);
}
END_TEST
#endif

#ifdef ARCHIVED
START_TEST(a_stream_that_appends_to_a_fifo_leaves_errno_alone)
{
  ck_assert(syscall(SYS_mknodat, AT_FDCWD, "fifo", S_IFIFO | 0600, 0) == 0);
  ck_assert(open("fifo", O_RDONLY | O_NONBLOCK) != -1);
  errno = 77;
  ck_assert_ptr_nonnull(CALL(fopen)("fifo", "a"));
  ck_assert_int_eq(errno, 77);
}
END_TEST

START_TEST(a_template_that_made_nothing_can_be_tried_again)
{
  char file[] = "d/XXXXXX", directory[] = "d/XXXXXX";

  ck_assert(CALL(mkstemp)(file) == -1 && errno == ENOENT);
  ck_assert(!CALL(mkdtemp)(directory) && errno == ENOENT);
  ck_assert_str_eq(file, "d/XXXXXX");
  ck_assert_str_eq(directory, "d/XXXXXX");
}
END_TEST

START_TEST(a_file_that_nobody_may_open_is_flushed_as_any_other)
{
  LAY_OUT("d/");
  judge_begin();
  int fd = CALL(open)("d/f", O_CREAT | O_EXCL | O_WRONLY, 0);
  judge_end();
  ck_assert(fd != -1);
  ck_flushed(made_file("d/f"));
}
END_TEST

START_TEST(what_stands_before_a_short_template_is_not_a_part_of_it)
{
  char file[] = "XXXXXX", directory[] = "XXXXXX";

  ck_assert(CALL(mkstemp)(file + 3) == -1 && errno == EINVAL);
  ck_assert(!CALL(mkdtemp)(directory + 3) && errno == EINVAL);
  ck_assert_str_eq(file, "XXXXXX");
  ck_assert_str_eq(directory, "XXXXXX");
}
END_TEST
#endif

START_TEST(freopen_without_a_path_makes_no_name)
{
  FILE *stream;

  LAY_OUT("d/", "d/f");
  stream = fopen("d/f", "r+");
  judge_begin();
  stream = _i == 0 ? CALL(freopen)(NULL, "w", stream) : CALL(freopen64)(NULL, "w", stream);
  judge_end();
  ck_assert_ptr_nonnull(stream);
#if defined STATIC && defined __GLIBC__
  /* There it opens /proc/self/fd/N with O_CREAT, by our __open, to which the file
   * is young: a flush too many. */
  ck_flushed(made_file("d/f"));
#else
  ck_flushed("");
#endif
}
END_TEST

/* musl knows no codesets. */
#ifdef __GLIBC__
START_TEST(a_codeset_in_the_mode_of_fopen_is_used)
{
  FILE *stream;
  struct stat st;

  LAY_OUT("d/");
  close(0); /* for the stream: 0 is a descriptor as any other */
  stream = CALL(fopen)("d/f", "wx,ccs=UTF-8");
  ck_assert_ptr_nonnull(stream);
  ck_assert(fputwc(0xe9, stream) == 0xe9);
  ck_assert(fclose(stream) == 0);
  ck_assert(stat("d/f", &st) == 0);
  ck_assert_int_eq(st.st_size, 2);
  ck_assert_ptr_null(CALL(fopen)("d/f", "wx,ccs=UTF-8"));
  ck_assert_int_eq(errno, EEXIST);
}
END_TEST

START_TEST(a_codeset_that_there_is_not_fails_as_ever)
{
  int before = open_descriptors();

  LAY_OUT("d/");
  judge_begin();
  FILE *stream = CALL(fopen)("d/f", "w,ccs=NONE");
  judge_end();
  ck_assert_ptr_null(stream);
  ck_assert_int_eq(errno, EINVAL);
  ck_flushed("");
  ck_assert(!CALL(fopen)("d/g", "w+xebm,ccs=NONE") && errno == EINVAL);
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST
#endif

/* A reader that moves what it finds in new/ to cur/, as mail readers do: always before
 * the library takes a look. */
static void *move_away(void *listener)
{
  char from[32], to[32];

  for (;;) {
    struct seccomp_notif call = { 0 };
    struct seccomp_notif_resp answer = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

    if (ioctl(*(int *) listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == -1)
      return NULL;
    for (int i = 0; i < MESSAGES; i++) {
      snprintf(from, sizeof from, "new/%d", i);
      snprintf(to, sizeof to, "cur/%d", i);
      syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    }
    answer.id = call.id;
    if (ioctl(*(int *) listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == -1)
      return NULL;
  }
}

START_TEST(a_reader_that_moves_files_away_at_once_causes_no_syncfs)
{
  static int listener;
  pthread_t reader;
  char path[32];

  LAY_OUT("tmp/", "new/", "cur/", "tmp/m");
  listener = filter(SYS_statx, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
  ck_assert(pthread_create(&reader, NULL, move_away, &listener) == 0);
  judge_begin();
  for (int i = 0; i < MESSAGES; i++) {
    snprintf(path, sizeof path, "new/%d", i);
    if (i % 2)
      ck_assert(CALL(link)("tmp/m", path) == 0);
    else
      ck_assert(CALL(open)(path, O_CREAT | O_WRONLY, 0600) != -1);
  }
  judge_end();
  ck_assert(exists("cur/0") && exists("cur/1"));
  if (row() == IN_MEMORY)
    return;
  if (row() != WITHOUT_JOURNAL)
    ck_assert_ptr_null(strstr(judged(), "syncfs"));
  ck_assert_ptr_nonnull(strstr(judged(), "fsync new"));
  ck_assert_ptr_nonnull(strstr(judged(), "fsync cur"));
}
END_TEST

TCase *opened_case(void)
{
  TCase *tests = new_case("opened");

  EACH(open_without_o_creat_flushes_nothing, creating_nothing);
  EACH(o_creat_flushes_whatever_the_access_mode, creating);
  tcase_add_loop_test(tests, a_file_is_new_however_long_its_open_takes, 0,
                      COUNT(stalls) * COUNT(finders));
  EACH(an_old_file_is_new_to_no_call, finders);
  EACH(a_young_file_that_is_emptied_is_not_taken_for_made, finders);
  tcase_add_loop_test(tests, o_creat_of_a_young_file_is_taken_for_made, 0, 3);
  tcase_add_test(tests, o_creat_of_an_old_file_flushes_nothing_where_births_are_believed);
  tcase_add_test(tests, o_creat_of_what_is_no_regular_file_flushes_nothing);
  EACH(a_final_symlink_is_followed_to_the_directory_that_changed, links);
  tcase_add_loop_test(tests, a_final_symlink_is_followed_to_a_directory_far_down, 0, 2);
  tcase_add_test(tests, a_final_symlink_through_a_dirfd_is_followed);
  tcase_add_loop_test(tests,
                      a_path_that_leads_elsewhere_after_the_open_flushes_the_directory_of_the_file,
                      0, 9 * COUNT(replacements));
  tcase_add_test(tests, a_final_symlink_is_followed_by_a_thread_with_descriptors_of_its_own);
  tcase_add_test(tests, a_symlink_that_ends_outside_in_a_device_flushes_nothing);
  tcase_add_test(tests, a_file_without_a_name_is_opened_without_a_flush_or_a_leak);
  tcase_add_test(tests, o_excl_and_o_nofollow_do_not_follow);
  tcase_add_loop_test(tests, o_tmpfile_keeps_its_mode_and_flushes_nothing, 0, 4);
  tcase_add_loop_test(tests, linkat_of_an_o_tmpfile_flushes_the_directory_of_its_new_name, 0, 2);
  tcase_add_test(tests, open_returns_the_lowest_free_descriptor);
  EACH(modes_of_fopen_that_create_flush_and_others_do_not, modes);
  tcase_add_test(tests, mkfifo_of_another_type_fails_as_ever);
#ifdef __GLIBC__
  tcase_add_test(tests, a_stream_that_appends_begins_at_the_end);
  tcase_add_test(tests, a_plus_behind_other_letters_counts);
  tcase_add_test(tests, the_first_seven_letters_of_a_mode_count);
  tcase_add_test(tests, a_stream_of_mode_c_is_no_cancellation_point);
#else
  tcase_add_test(tests, every_letter_of_a_mode_counts);
#endif
#ifdef ARCHIVED
  tcase_add_test(tests, a_stream_that_appends_to_a_fifo_leaves_errno_alone);
  tcase_add_test(tests, a_template_that_made_nothing_can_be_tried_again);
  tcase_add_test(tests, a_file_that_nobody_may_open_is_flushed_as_any_other);
  tcase_add_test(tests, what_stands_before_a_short_template_is_not_a_part_of_it);
#endif
  tcase_add_loop_test(tests, freopen_without_a_path_makes_no_name, 0, 2);
#ifdef __GLIBC__
  tcase_add_test(tests, a_codeset_in_the_mode_of_fopen_is_used);
  tcase_add_test(tests, a_codeset_that_there_is_not_fails_as_ever);
#endif
  tcase_add_test(tests, a_reader_that_moves_files_away_at_once_causes_no_syncfs);
  return tests;
}
