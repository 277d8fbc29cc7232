/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open and its kin: which of them made a file, and in which directory. */
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include "core/sys.h"
#include "scene.h"
#include "seccomp.h"

enum { MESSAGES = 20 };

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

START_TEST(mkfifo_of_another_type_fails_as_ever)
{
  LAY_OUT("d/");
  ck_assert_int_eq(CALL(mkfifo)("d/p", S_IFREG | 0600), -1);
  ck_assert_int_eq(errno, EINVAL);
}
END_TEST

#ifdef ARCHIVED
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
  tcase_add_test(tests, a_file_without_a_name_is_opened_without_a_flush_or_a_leak);
  tcase_add_loop_test(tests, o_tmpfile_keeps_its_mode_and_flushes_nothing, 0, 4);
  tcase_add_loop_test(tests, linkat_of_an_o_tmpfile_flushes_the_directory_of_its_new_name, 0, 2);
  tcase_add_test(tests, open_returns_the_lowest_free_descriptor);
  tcase_add_test(tests, mkfifo_of_another_type_fails_as_ever);
  tcase_add_test(tests, a_reader_that_moves_files_away_at_once_causes_no_syncfs);
#ifdef ARCHIVED
  tcase_add_test(tests, a_file_that_nobody_may_open_is_flushed_as_any_other);
#endif
  add_followed(tests);
  add_streams(tests);
  return tests;
}
