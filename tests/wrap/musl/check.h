/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stand-in for the library Check, which does not exist for musl: the part of
 * it that the tests of this folder use, by its own names. */
#ifndef TESTS_MUSL_CHECK_H
#define TESTS_MUSL_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct suite Suite;
typedef struct tcase TCase;
typedef struct srunner SRunner;
typedef void test_function(int _i);

enum print_output { CK_SILENT };

Suite *suite_create(const char *name);
void suite_add_tcase(Suite *suite, TCase *tests);
TCase *tcase_create(const char *name);
void tcase_add_checked_fixture(TCase *tests, void (*setup)(void), void (*teardown)(void));
void tcase_set_timeout(TCase *tests, double seconds);
SRunner *srunner_create(Suite *suite);
void srunner_set_tap(SRunner *runner, const char *file);
void srunner_run_all(SRunner *runner, enum print_output how);
void srunner_free(SRunner *runner);

void add_test(TCase *tests, const char *name, test_function *function, int from, int to);
#define tcase_add_loop_test(tests, test, from, to) add_test(tests, #test, test, from, to)
#define tcase_add_test(tests, test) add_test(tests, #test, test, 0, 1)

#define START_TEST(test) static void test(int _i __attribute__((unused)))
#define END_TEST

/* Ends the test, and says why. */
_Noreturn void fail_test(const char *file, int line, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

#define ck_abort_msg(...) fail_test(__FILE__, __LINE__, __VA_ARGS__)
#define ck_assert_msg(holds, ...) \
  do {                            \
    if (!(holds))                 \
      ck_abort_msg(__VA_ARGS__);  \
  } while (0)
#define ck_assert(holds) ck_assert_msg(holds, "%s", #holds)

#define ASSERT_NUMBERS(one, is, other)                                                    \
  do {                                                                                    \
    intmax_t one_ = (one), other_ = (other);                                              \
    ck_assert_msg(one_ is other_, #one " " #is " " #other ": %jd and %jd", one_, other_); \
  } while (0)
#define ck_assert_int_eq(one, other) ASSERT_NUMBERS(one, ==, other)
#define ck_assert_int_ne(one, other) ASSERT_NUMBERS(one, !=, other)

#define ASSERT_STRINGS(one, is, other)                                                            \
  do {                                                                                            \
    const char *one_ = (one), *other_ = (other);                                                  \
    ck_assert_msg(strcmp(one_, other_) is 0, #one " " #is " " #other ": \"%s\" and \"%s\"", one_, \
                  other_);                                                                        \
  } while (0)
#define ck_assert_str_eq(one, other) ASSERT_STRINGS(one, ==, other)
#define ck_assert_str_ne(one, other) ASSERT_STRINGS(one, !=, other)

#define ck_assert_ptr_eq(one, other) ck_assert((one) == (other))
#define ck_assert_ptr_null(pointer) ck_assert(!(pointer))
#define ck_assert_ptr_nonnull(pointer) ck_assert(pointer)

/* glibc's, which musl lacks as well: "EIO" and its kind. */
const char *strerrorname_np(int error);

#endif
