/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel may answer to a flush, answered here by a seccomp filter: what the caller is
 * told, and what is flushed instead.  In one file, because the claims stand in the order of
 * the ladder and share its lists of errnos. */
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/ioctl.h>

#include "scene.h"
#include "seccomp.h"

static const int fatal[] = { EIO, ENOSPC, EDQUOT, EROFS, EPERM, ESTALE, EUCLEAN, ENXIO, EAGAIN };
static const int not_for_directories[] = { EINVAL, ENOTSUP, ENOSYS, EBADF };
static const int refusals[] = { ENOSYS, EPERM };

START_TEST(a_failed_fsync_is_the_callers_and_is_never_tried_again)
{
  char last[64];

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "s");
  refuse(SYS_fsync, fatal[_i]);
  snprintf(last, sizeof last, "%s=%s", row() == ON_FUSE ? "fsync d/l" : made_name("d/l"),
           strerrorname_np(fatal[_i]));
  ck_fails(CALL(link)("s", "d/l"), fatal[_i], last);
  ck_assert(exists("d/l"));
}
END_TEST

START_TEST(open_whose_flush_fails_closes_its_descriptor_and_keeps_the_file)
{
  int before, fd, error;

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/");
  refuse(SYS_fsync, fatal[_i]);
  before = open_descriptors();
  fd = CALL(open)("d/f", O_CREAT | O_WRONLY, 0600);
  error = errno;
  ck_assert_int_eq(fd, -1);
  ck_assert_int_eq(error, fatal[_i]);
  ck_assert_int_eq(open_descriptors(), before);
  ck_assert(exists("d/f"));
}
END_TEST

START_TEST(fopen_whose_flush_fails_closes_its_stream)
{
  FILE *stream;
  int before;

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/log");
  stream = fopen("d/log", "r");
  refuse(SYS_fsync, EIO);
  before = open_descriptors();
  ck_assert_ptr_null(CALL(fopen)("d/f", "w"));
  ck_assert_int_eq(errno, EIO);
  ck_assert_int_eq(open_descriptors(), before);
  ck_assert(exists("d/f"));
  stream = CALL(freopen)("d/g", "w", stream);
  ck_assert(exists("d/g"));
  if (FREOPEN_IS_LIBCS) {
    ck_assert_ptr_nonnull(stream);
    return;
  }
  ck_assert_ptr_null(stream);
  ck_assert_int_eq(errno, EIO);
  ck_assert_int_eq(open_descriptors(), before - 1);
}
END_TEST

START_TEST(mkstemp_whose_flush_fails_keeps_its_template_filled_in)
{
  char file[] = "d/XXXXXX", directory[] = "d/XXXXXX";

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/");
  refuse(SYS_fsync, EIO);
  ck_assert_int_eq(CALL(mkstemp)(file), -1);
  ck_assert(errno == EIO && exists(file));
  ck_assert_ptr_null(CALL(mkdtemp)(directory));
  ck_assert(errno == EIO && exists(directory));
}
END_TEST

START_TEST(a_close_that_fails_does_not_hide_why_the_flush_failed)
{
  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/f");
  refuse(SYS_fsync, ENOSPC);
  refuse(SYS_close, _i == 0 ? EIO : EINTR); /* is closed then, and not again */
  ck_assert(CALL(unlink)("d/f") == -1 && errno == ENOSPC);
  ck_assert(CALL(open)("d/g", O_CREAT | O_WRONLY, 0600) == -1 && errno == ENOSPC);
  ck_assert(!CALL(fopen)("d/h", "w") && errno == ENOSPC);
}
END_TEST

START_TEST(every_kind_of_call_reports_a_failed_flush_and_keeps_its_change)
{
  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/f", "d/g", "d/r/", "e/");
  refuse(SYS_fsync, ENOSPC);
  int before = open_descriptors();
#define FAILS(call, holds)                    \
  do {                                        \
    errno = 0;                                \
    ck_assert(call == -1 && errno == ENOSPC); \
    ck_assert(holds);                         \
  } while (0)
  FAILS(CALL(rename)("d/f", "e/f"), exists("e/f") && !exists("d/f"));
  FAILS(CALL(rename)("e/f", "e/h"), exists("e/h") && !exists("e/f"));
  FAILS(CALL(unlink)("d/g"), !exists("d/g"));
  FAILS(CALL(rmdir)("d/r"), !exists("d/r"));
  FAILS(CALL(mkdir)("d/m", 0755), exists("d/m"));
  FAILS(CALL(symlink)("x", "d/s"), exists("d/s"));
  FAILS(CALL(mkfifo)("d/p", 0600), exists("d/p"));
#undef FAILS
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* What comes before the fsync of the directory d. */
static const char *before_fsync(void)
{
  return row() == WITHOUT_JOURNAL ? "syncfs d, " : "";
}

START_TEST(fsync_that_is_not_for_directories_leads_to_syncfs)
{
  const char *error = strerrorname_np(not_for_directories[_i]);
  char all[256];

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/f");
  refuse(SYS_fsync, not_for_directories[_i]);
  errno = 77;
  judge_begin();
  int result = CALL(unlink)("d/f");
  judge_end();
  ck_assert_int_eq(result, 0);
  ck_assert_int_eq(errno, 77);
  snprintf(all, sizeof all, "%sfsync d=%s, syncfs d, fsync d=%s", before_fsync(), error, error);
  ck_flushed(all);
}
END_TEST

START_TEST(fsync_that_is_not_for_directories_leads_to_syncfs_of_the_new_file)
{
  const char *error = strerrorname_np(not_for_directories[_i]);
  bool file_first = row() == OTHER || row() == ON_FUSE;
  char all[256];

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/");
  close(0); /* for the new file: 0 is a descriptor as any other */
  refuse(SYS_fsync, not_for_directories[_i]);
  errno = 77;
  judge_begin();
  int fd = CALL(open)("d/f", O_CREAT | O_WRONLY, 0600);
  judge_end();
  ck_assert_int_eq(fd, 0);
  ck_assert_int_eq(errno, 77);
  snprintf(all, sizeof all, "%s%s%s%sfsync d=%s, syncfs d/f, fsync d/f=%s", before_fsync(),
           file_first ? "fsync d/f=" : "", file_first ? error : "",
           file_first ? ", syncfs d, " : "", error, error);
  ck_flushed(all);
}
END_TEST

START_TEST(nothing_is_flushed_after_a_failure)
{
  int results = 0;

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "e/", "s", "t");
  refuse(SYS_fsync, EIO);
  refuse(SYS_syncfs, EIO);
#define FAILS_AT_ONCE(call)                    \
  do {                                         \
    judge_begin();                             \
    results += call;                           \
    judge_end();                               \
    ck_assert_ptr_null(strchr(judged(), ',')); \
  } while (0)
  FAILS_AT_ONCE(CALL(open)("d/f", O_CREAT | O_WRONLY, 0600));
  FAILS_AT_ONCE(CALL(mkdir)("d/m", 0755));
  FAILS_AT_ONCE(CALL(link)("s", "d/l"));
  FAILS_AT_ONCE(CALL(rename)("d/l", "e/l"));
  FAILS_AT_ONCE(CALL(rename)("d/f", "d/g"));
#undef FAILS_AT_ONCE
  ck_assert_int_eq(results, -5);
}
END_TEST

static const int ours_to_lack[] = { EACCES, EPERM,   EMFILE, ENFILE,      ENOMEM,
                                    ENOENT, ENOTDIR, ELOOP,  ENAMETOOLONG };

START_TEST(a_parent_that_only_we_cannot_open_leads_to_sync)
{
  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "s");
  refuse(SYS_openat, ours_to_lack[_i]);
  errno = 77;
  judge_begin();
  int result = CALL(link)("s", "d/l");
  judge_end();
  ck_assert_int_eq(result, 0);
  ck_assert_int_eq(errno, 77);
  ck_flushed("sync, sync");
}
END_TEST

static const int not_ours_to_lack[] = { EIO, EROFS, ENOSPC, ESTALE, EUCLEAN, ENOSYS, ENXIO };

START_TEST(a_parent_that_cannot_be_opened_for_another_reason_is_a_failure)
{
  int error;

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "s", "t");
  refuse(SYS_openat, not_ours_to_lack[_i]);
  judge_begin();
  int results = CALL(link)("s", "d/l");
  error = errno;
  results += CALL(rename)("s", "d/s");
  judge_end();
  ck_assert_int_eq(results, -2);
  ck_assert_int_eq(error, not_ours_to_lack[_i]);
  ck_assert_int_eq(errno, not_ours_to_lack[_i]);
  ck_flushed("");
}
END_TEST

START_TEST(a_new_parent_that_is_broken_is_a_failure_though_the_old_one_can_be_opened)
{
  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "s");
  int d = open("d", O_RDONLY | O_DIRECTORY);
  ck_assert(d != -1);
  refuse_openat_below(EIO);
  ck_fails(CALL(renameat)(AT_FDCWD, "s", d, "s"), EIO, "");
}
END_TEST

START_TEST(syncfs_that_is_refused_leads_to_sync)
{
  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/f");
  refuse(SYS_fsync, EINVAL);
  refuse(SYS_syncfs, refusals[_i]);
  judge_begin();
  int result = CALL(unlink)("d/f");
  judge_end();
  ck_assert_int_eq(result, 0);
  ck_assert_ptr_nonnull(strstr(judged(), ", sync, "));
}
END_TEST

START_TEST(a_failed_syncfs_ends_the_ladder)
{
  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/f");
  refuse(SYS_fsync, EINVAL);
  refuse(SYS_syncfs, EIO);
  ck_fails(CALL(unlink)("d/f"), EIO,
           row() == WITHOUT_JOURNAL ? "syncfs d=EIO" : "fsync d=EINVAL, syncfs d=EIO");
}
END_TEST

START_TEST(no_flush_at_all_is_no_success)
{
  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/f");
  refuse(SYS_fsync, ENOSYS);
  refuse(SYS_syncfs, EPERM);
  refuse(SYS_sync, ENOSYS);
  ck_assert_int_eq(CALL(unlink)("d/f"), -1);
  ck_assert_int_eq(errno, EPERM);
}
END_TEST

START_TEST(without_fstatfs_the_row_is_taken_that_is_enough_everywhere)
{
  LAY_OUT("d/", "e/", "s");
  refuse(SYS_fstatfs, refusals[_i]);
  judge_pretend(TMPFS_MAGIC, false);
  judge_begin();
  ck_assert(CALL(link)("s", "d/l") == 0);
  ck_assert(CALL(rename)("d/l", "e/l") == 0);
  ck_assert(CALL(unlink)("e/l") == 0);
  judge_end();
  ck_flushed("syncfs d, fsync d, syncfs e, fsync e, syncfs e, fsync e");
}
END_TEST

/* Whether the fsync on btrfs has done anything is unknown then. */
START_TEST(without_getrusage_an_fsync_that_may_be_skipped_is_followed_by_syncfs)
{
  LAY_OUT("d/", "d/f");
  refuse(SYS_getrusage, refusals[_i]);
  JUDGED(CALL(unlink)("d/f"));
  ck_flushed(row() == BTRFS ? "fsync d, syncfs d" : removed_name("d/f"));
}
END_TEST

START_TEST(without_statx_a_new_file_is_flushed_by_its_own_descriptor)
{
  LAY_OUT("d/");
  refuse(SYS_statx, refusals[_i]);
  judge_begin();
  ck_assert(CALL(open)("d/f", O_CREAT | O_WRONLY, 0600) != -1);
  judge_end();
  ck_flushed(row() == IN_MEMORY ? "" : "syncfs d/f, fsync d/f");
}
END_TEST

/* There is no look to be taken, so none can fail. */
START_TEST(without_statx_what_open_does_not_follow_is_flushed_as_ever)
{
  char one[] = "d/XXXXXX", other[] = "d/XXXXXX", third[] = "d/XXXXXX.eml",
       fourth[] = "d/XXXXXX.eml";

  LAY_OUT("d/");
  refuse(SYS_statx, refusals[_i]);
  judge_begin();
  ck_assert(CALL(open)("d/f", O_CREAT | O_NOFOLLOW | O_WRONLY, 0600) != -1);
  ck_assert(CALL(open)("d/g", O_CREAT | O_EXCL | O_WRONLY, 0600) != -1);
  ck_assert_ptr_nonnull(CALL(fopen)("d/h", "wx"));
  ck_assert(CALL(mkstemp)(one) != -1 && CALL(mkostemp)(other, O_CLOEXEC) != -1);
  ck_assert(CALL(mkstemps)(third, 4) != -1 && CALL(mkostemps)(fourth, 4, O_APPEND) != -1);
  judge_end();
  ck_assert_ptr_null(strstr(judged(), "syncfs d/"));
  if (row() != IN_MEMORY)
    ck_assert_ptr_nonnull(strstr(judged(), "fsync d"));
}
END_TEST

START_TEST(without_statx_other_calls_succeed)
{
  LAY_OUT("d/", "e/", "s");
  refuse(SYS_statx, refusals[_i]);
  judge_begin();
  ck_assert(CALL(link)("s", "d/l") == 0);
  ck_assert(CALL(rename)("d/l", "e/l") == 0);
  ck_assert(CALL(unlink)("e/l") == 0);
  judge_end();
  if (row() != IN_MEMORY)
    ck_assert_ptr_nonnull(strstr(judged(), "fsync e"));
  /* Of two directories it is not known that they are one; nor of a file that gets a
   * name whether its bytes are written. */
  if (row() == BTRFS)
    ck_flushed("syncfs d, fsync d, syncfs e, fsync d, fsync e, fsync e");
  if (row() == OTHER)
    ck_flushed("syncfs d, fsync d, syncfs e, fsync e, fsync d, fsync e");
}
END_TEST

#ifndef PRELOADED
START_TEST(without_statx_sync_parent_finds_the_name_all_the_same)
{
  int before = open_descriptors();

  LAY_OUT("d/", "d/l>nowhere");
  refuse(SYS_statx, refusals[_i]);
  judge_begin();
  errno = 77;
  ck_assert(syncdir_sync_parent(AT_FDCWD, "d/l") == 0);
  ck_assert_int_eq(errno, 77);
  ck_assert(syncdir_sync_parent(AT_FDCWD, "d/missing") == -1 && errno == ENOENT);
  judge_end();
  ck_assert_ptr_nonnull(strstr(judged(), row() == IN_MEMORY ? "" : "fsync d"));
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST
#endif

enum { INTERRUPTIONS = 3 };

/* Answers the first system calls with EINTR and lets the others pass. */
static void *interrupt(void *listener)
{
  struct seccomp_notif call = { 0 };
  struct seccomp_notif_resp answer = { 0 };

  for (int left = INTERRUPTIONS;; left -= left > 0) {
    memset(&call, 0, sizeof call);
    if (ioctl(*(int *) listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == -1)
      return NULL;
    answer.id = call.id;
    answer.error = left ? -EINTR : 0;
    answer.flags = left ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    if (ioctl(*(int *) listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == -1)
      return NULL;
  }
}

/* More often than a second try overcomes. */
static const struct {
  int number;
  const char *flushed;
} interrupted[] = {
  { SYS_openat, "fsync d" },
  { SYS_fsync, "fsync d=EINTR, fsync d=EINTR, fsync d=EINTR, fsync d" },
};

static void start_interrupting(int number)
{
  static int listener;
  pthread_t answering;

  listener = filter(number, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
  ck_assert(pthread_create(&answering, NULL, interrupt, &listener) == 0);
}

START_TEST(an_interrupted_open_or_flush_is_done_again)
{
  char all[128];

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/f");
  start_interrupting(interrupted[_i].number);
  judge_begin();
  int result = CALL(unlink)("d/f");
  judge_end();
  ck_assert_int_eq(result, 0);
  snprintf(all, sizeof all, "%s%s", before_fsync(), interrupted[_i].flushed);
  ck_flushed(all);
}
END_TEST

START_TEST(an_interrupted_open_of_the_programs_own_is_not)
{
  LAY_OUT("d/");
  start_interrupting(SYS_openat);
  ck_fails(CALL(open)("d/f", O_CREAT | O_WRONLY, 0600), EINTR, "");
}
END_TEST

/* An fsync that returns 0 and does nothing, as btrfs may answer: the directory is touched,
 * and a filesystem that was aborted refuses that. */
START_TEST(an_fsync_that_did_nothing_on_an_aborted_filesystem_is_a_failure)
{
  static const int aborted[] = { EIO, EROFS };

  if (row() != BTRFS)
    return;
  LAY_OUT("d/", "s");
  refuse(SYS_fsync, 0);
  refuse(SYS_utimensat, aborted[_i]);
  ck_fails(CALL(link)("s", "d/l"), aborted[_i], "fsync d");
}
END_TEST

START_TEST(an_interrupted_syncfs_is_done_again)
{
  if (row() == IN_MEMORY)
    return;
  LAY_OUT("d/", "d/f");
  refuse(SYS_fsync, EINVAL);
  start_interrupting(SYS_syncfs);
  judge_begin();
  int result = CALL(unlink)("d/f");
  judge_end();
  ck_assert_int_eq(result, 0);
  ck_assert_ptr_nonnull(
    strstr(judged(), "syncfs d=EINTR, syncfs d=EINTR, syncfs d=EINTR, syncfs d, "));
}
END_TEST

TCase *errors_case(void)
{
  TCase *tests = new_case("errors");

  EACH(a_failed_fsync_is_the_callers_and_is_never_tried_again, fatal);
  EACH(open_whose_flush_fails_closes_its_descriptor_and_keeps_the_file, fatal);
  tcase_add_test(tests, fopen_whose_flush_fails_closes_its_stream);
  tcase_add_test(tests, a_new_parent_that_is_broken_is_a_failure_though_the_old_one_can_be_opened);
  tcase_add_test(tests, mkstemp_whose_flush_fails_keeps_its_template_filled_in);
  tcase_add_loop_test(tests, a_close_that_fails_does_not_hide_why_the_flush_failed, 0, 2);
  tcase_add_test(tests, every_kind_of_call_reports_a_failed_flush_and_keeps_its_change);
  EACH(fsync_that_is_not_for_directories_leads_to_syncfs, not_for_directories);
  EACH(fsync_that_is_not_for_directories_leads_to_syncfs_of_the_new_file, not_for_directories);
  tcase_add_test(tests, nothing_is_flushed_after_a_failure);
  EACH(a_parent_that_only_we_cannot_open_leads_to_sync, ours_to_lack);
  EACH(a_parent_that_cannot_be_opened_for_another_reason_is_a_failure, not_ours_to_lack);
  EACH(syncfs_that_is_refused_leads_to_sync, refusals);
  tcase_add_test(tests, a_failed_syncfs_ends_the_ladder);
  tcase_add_test(tests, no_flush_at_all_is_no_success);
  EACH(without_fstatfs_the_row_is_taken_that_is_enough_everywhere, refusals);
  EACH(without_getrusage_an_fsync_that_may_be_skipped_is_followed_by_syncfs, refusals);
  EACH(without_statx_a_new_file_is_flushed_by_its_own_descriptor, refusals);
  EACH(without_statx_what_open_does_not_follow_is_flushed_as_ever, refusals);
  EACH(without_statx_other_calls_succeed, refusals);
#ifndef PRELOADED
  EACH(without_statx_sync_parent_finds_the_name_all_the_same, refusals);
#endif
  EACH(an_interrupted_open_or_flush_is_done_again, interrupted);
  tcase_add_test(tests, an_interrupted_open_of_the_programs_own_is_not);
  tcase_add_loop_test(tests, an_fsync_that_did_nothing_on_an_aborted_filesystem_is_a_failure, 0, 2);
  tcase_add_test(tests, an_interrupted_syncfs_is_done_again);
  return tests;
}
