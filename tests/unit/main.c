/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of core that are pure functions, as TAP. */
#include <check.h>
#include <string.h>

#include "../common/patience.h"
#include "../common/suite.h"
#include "core/errors.h"
#include "core/parent.h"
#include "core/text.h"

static const struct {
  const char *path, *directory, *name;
  bool up;
} parents[] = {
  { "b", "", "b", false },          { "b/", "", "b/", false },
  { "a/b", "a", "b", false },       { "a//b///", "a", "b///", false },
  { "/b", "/", "b", false },        { "//b", "/", "b", false },
  { "/a/b", "/a", "b", false },     { "a/b/c", "a/b", "c", false },
  { "a/../b", "a/..", "b", false }, { "...", "", "...", false },
  { "..b", "", "..b", false },      { "a/.b", "a", ".b", false },
  { "a/b.", "a", "b.", false },     { "a/..b/", "a", "..b/", false },
  { ".", ".", ".", true },          { "..", "..", "..", true },
  { "./", ".", "./", true },        { "a/.", "a/.", ".", true },
  { "a/..", "a/..", "..", true },   { "a/..///", "a/..", "..///", true },
  { "/..", "/..", "..", true },
};

START_TEST(parent_of_splits_a_path_as_the_kernel_does)
{
  struct parent parent = parent_of(parents[_i].path);

  ck_assert_uint_eq(parent.length, strlen(parents[_i].directory));
  ck_assert_mem_eq(parents[_i].path, parents[_i].directory, parent.length);
  ck_assert_str_eq(parent.name, parents[_i].name);
  ck_assert(parent.up == parents[_i].up);
}
END_TEST

/* The kernel takes none of these for a name, but nothing may be read before
 * the first byte or after the last. */
START_TEST(parent_of_stays_inside_a_path_that_is_no_name)
{
  ck_assert_uint_eq(parent_of("").length, 0);
  ck_assert_str_eq(parent_of("").name, "");
  ck_assert_uint_eq(parent_of("/").length, 1);
  ck_assert_uint_eq(parent_of("///").length, 1);
}
END_TEST

START_TEST(same_spelling_compares_the_parents_and_not_the_names)
{
  ck_assert(same_spelling(AT_FDCWD, "a/b", AT_FDCWD, "a/c"));
  ck_assert(same_spelling(AT_FDCWD, "a//b", AT_FDCWD, "a/c/"));
  ck_assert(same_spelling(AT_FDCWD, "b", AT_FDCWD, "c"));
  ck_assert(same_spelling(5, "/a/b", 6, "/a/c"));
  ck_assert(!same_spelling(5, "a/b", 6, "a/c"));
  ck_assert(!same_spelling(5, "b", 6, "c"));
  ck_assert(!same_spelling(AT_FDCWD, "a/b", AT_FDCWD, "aa/b"));
  ck_assert(!same_spelling(AT_FDCWD, "a/b", AT_FDCWD, "b"));
  ck_assert(!same_spelling(AT_FDCWD, "a/..", AT_FDCWD, "a/../b"));
}
END_TEST

START_TEST(prefix_to_finds_whole_components_of_the_parent)
{
  ck_assert_uint_eq(prefix_to("a/b/c", "b", 0), 3);
  ck_assert_uint_eq(prefix_to("/a//b///c", "b/", 0), 5);
  ck_assert_uint_eq(prefix_to("/b/a/b/c", "b", 0), 2);
  ck_assert_uint_eq(prefix_to("/b/a/b/c", "b", 2), 6);
  ck_assert_uint_eq(prefix_to("/b/a/b/c", "b", 6), 0);
  ck_assert_uint_eq(prefix_to("a/..", "a", 0), 1);
  ck_assert_uint_eq(prefix_to("a/b/c", "c", 0), 0);
  ck_assert_uint_eq(prefix_to("ab/c", "a", 0), 0);
  ck_assert_uint_eq(prefix_to("a/c", "ab", 0), 0);
  ck_assert_uint_eq(prefix_to("c", "c", 0), 0);
}
END_TEST

START_TEST(same_inode_asks_for_device_and_number)
{
  struct sys_stat one = { .mask = STAT_INODE, .inode = 7, .major = 8, .minor = 1 }, two = one;

  ck_assert(same_inode(&one, &two));
  two.minor = 2;
  ck_assert(!same_inode(&one, &two));
  two = one;
  two.major = 9;
  ck_assert(!same_inode(&one, &two));
  two = one;
  two.inode = 8;
  ck_assert(!same_inode(&one, &two));
  two = one;
  two.mask = 0;
  ck_assert(!same_inode(&one, &two));
}
END_TEST

/* Which they are, errors.c tries one by one. */
START_TEST(nine_errors_say_that_only_we_cannot_open)
{
  int count = 0;

  for (int error = 0; error < 4096; error++)
    count += only_cannot_open(error);
  ck_assert_int_eq(count, 9);
}
END_TEST

START_TEST(text_holds_what_fits_and_says_what_does_not)
{
  char buffer[8];
  struct text text = empty_text(buffer, sizeof buffer);

  add_string(&text, "1234");
  add_number(&text, 567);
  ck_assert_str_eq(buffer, "1234567");
  ck_assert(!text.cut);
  add_string(&text, "8");
  ck_assert_str_eq(buffer, "1234567");
  ck_assert(text.cut);
}
END_TEST

START_TEST(text_writes_every_number)
{
  char buffer[32];
  struct text text = empty_text(buffer, sizeof buffer);

  add_number(&text, 0);
  add_string(&text, " ");
  add_number(&text, 18446744073709551615ULL);
  ck_assert_str_eq(buffer, "0 18446744073709551615");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("unit");
  TCase *tests = tcase_create("core");

  suite_add_tcase(suite, tests);
  tcase_set_timeout(tests, PATIENCE);
  tcase_add_loop_test(tests, parent_of_splits_a_path_as_the_kernel_does, 0,
                      sizeof parents / sizeof *parents);
  tcase_add_test(tests, parent_of_stays_inside_a_path_that_is_no_name);
  tcase_add_test(tests, same_spelling_compares_the_parents_and_not_the_names);
  tcase_add_test(tests, prefix_to_finds_whole_components_of_the_parent);
  tcase_add_test(tests, same_inode_asks_for_device_and_number);
  tcase_add_test(tests, nine_errors_say_that_only_we_cannot_open);
  tcase_add_test(tests, text_holds_what_fits_and_says_what_does_not);
  tcase_add_test(tests, text_writes_every_number);
  return run_suite(suite);
}
