/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fopen, freopen and mkstemp: how they read modes and templates, as each C library does.
 * Part of the case "opened". */
#include <pthread.h>
#include <wchar.h>

#include "scene.h"

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

void add_streams(TCase *tests)
{
  EACH(modes_of_fopen_that_create_flush_and_others_do_not, modes);
  tcase_add_loop_test(tests, freopen_without_a_path_makes_no_name, 0, 2);
#ifdef __GLIBC__
  tcase_add_test(tests, a_stream_that_appends_begins_at_the_end);
  tcase_add_test(tests, a_plus_behind_other_letters_counts);
  tcase_add_test(tests, the_first_seven_letters_of_a_mode_count);
  tcase_add_test(tests, a_stream_of_mode_c_is_no_cancellation_point);
  tcase_add_test(tests, a_codeset_in_the_mode_of_fopen_is_used);
  tcase_add_test(tests, a_codeset_that_there_is_not_fails_as_ever);
#else
  tcase_add_test(tests, every_letter_of_a_mode_counts);
#endif
#ifdef ARCHIVED
  tcase_add_test(tests, a_stream_that_appends_to_a_fifo_leaves_errno_alone);
  tcase_add_test(tests, a_template_that_made_nothing_can_be_tried_again);
  tcase_add_test(tests, what_stands_before_a_short_template_is_not_a_part_of_it);
#endif
}
