/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rename and its kin: two directories, which may be one. */
#include <linux/fs.h>

#include "scene.h"

static void rename_judged(const char *old, const char *new)
{
  judge_begin();
  int result = CALL(rename)(old, new);
  judge_end();
  ck_assert_msg(result == 0, "%s to %s: %s", old, new, strerror(errno));
}

static const char *const spellings[] = { "d/g", "d//g", "d/./g", "./d/g", "d/../d/g", "l/g" };

START_TEST(one_directory_in_two_spellings_is_flushed_once)
{
  LAY_OUT("d/", "d/f", "l>d");
  rename_judged("d/f", spellings[_i]);
  ck_flushed(moved("d/f", "d/g"));
}
END_TEST

START_TEST(one_directory_through_two_dirfds_is_flushed_once)
{
  int one, other;

  LAY_OUT("d/", "d/f");
  one = open("d", O_PATH);
  other = open("d", O_RDONLY);
  judge_begin();
  ck_assert(CALL(renameat)(one, "f", other, "g") == 0);
  judge_end();
  ck_flushed(moved("d/f", "d/g"));
}
END_TEST

START_TEST(two_directories_through_two_dirfds_are_flushed_in_order)
{
  int one, other, result;

  LAY_OUT("d/", "e/", "d/f");
  one = open("d", O_PATH);
  other = open("e", O_PATH);
  judge_begin();
  if (_i == 0)
    result = CALL(renameat)(one, "f", other, "f");
  else
    result = CALL(renameat2)(one, "f", other, "f", 0);
  judge_end();
  ck_assert_int_eq(result, 0);
  ck_flushed(moved("d/f", "e/f"));
}
END_TEST

START_TEST(both_directories_are_flushed_in_the_order_of_the_filesystem)
{
  LAY_OUT("d/", "e/", "d/f", "e/g");
  rename_judged("d/f", "e/h");
  ck_flushed(moved("d/f", "e/h"));
  rename_judged("e/h", "e/g");
  ck_flushed(moved("e/h", "e/g"));
}
END_TEST

START_TEST(a_directory_that_moves_flushes_both_parents)
{
  LAY_OUT("d/", "e/", "d/sub/", "d/sub/f");
  rename_judged("d/sub", "e/sub");
  ck_flushed(moved("d/sub", "e/sub"));
}
END_TEST

START_TEST(renameat2_exchange_flushes_both_parents)
{
  LAY_OUT("d/", "e/", "d/f", "e/g");
  judge_begin();
  int result = CALL(renameat2)(AT_FDCWD, "d/f", AT_FDCWD, "e/g", RENAME_EXCHANGE);
  judge_end();
  if (result == -1 && errno == EINVAL)
    return; /* this filesystem has none */
  ck_assert_int_eq(result, 0);
  ck_flushed(moved("d/f", "e/g"));
}
END_TEST

START_TEST(renameat2_noreplace_that_fails_flushes_nothing)
{
  LAY_OUT("d/", "e/", "d/f", "e/g");
  judge_begin();
  ck_assert(CALL(renameat2)(AT_FDCWD, "d/f", AT_FDCWD, "e/g", RENAME_NOREPLACE) == -1);
  judge_end();
  ck_assert(errno == EEXIST || errno == EINVAL);
  ck_flushed("");
}
END_TEST

/* A whiteout is a new inode under the old name. */
START_TEST(renameat2_whiteout_flushes_the_inode_that_it_leaves)
{
  LAY_OUT("d/", "d/f");
  judge_begin();
  int result = CALL(renameat2)(AT_FDCWD, "d/f", AT_FDCWD, "d/g", RENAME_WHITEOUT);
  judge_end();
  if (result == -1)
    return; /* a plain user may not, and some filesystems cannot */
  ck_flushed(made_name("d/g"));
}
END_TEST

/* POSIX: nothing is done.  A flush too many is allowed. */
START_TEST(rename_between_two_names_of_one_inode_succeeds)
{
  LAY_OUT("d/", "d/f");
  ck_assert(syscall(SYS_linkat, AT_FDCWD, "d/f", AT_FDCWD, "d/g", 0) == 0);
  rename_judged("d/f", "d/g");
  ck_assert(exists("d/f") && exists("d/g"));
}
END_TEST

START_TEST(a_parent_that_leads_through_what_was_moved_is_flushed_by_the_other)
{
  LAY_OUT("d/");
  rename_judged("d", "d/../g");
  ck_assert(exists("g"));
  ck_flushed("syncfs ., fsync .");
}
END_TEST

START_TEST(both_parents_leading_through_what_was_moved_flush_everything)
{
  LAY_OUT("d/");
  rename_judged("d/../d", "d/../g");
  ck_assert(exists("g"));
  ck_flushed("sync, sync");
}
END_TEST

/* The symlink l led to a when the call was made, and leads to z after it. */
static const struct {
  const char *old, *new, *flushed;
} through_itself[] = {
  { "l/f", "l", "syncfs ., fsync ." },
  { "l//f", "./l", "syncfs ., fsync ." },
  { "l/../a/f", "l", "syncfs ., fsync ." },
  { "a/f", "l/../l", "syncfs a, fsync a" }, /* the new one may be elsewhere */
  { "l/f", "l/../l", "sync, sync" },
};

START_TEST(a_rename_over_a_symlink_in_its_own_path_flushes_the_filesystem)
{
  LAY_OUT("a/", "z/", "l>a", "a/f>z");
  rename_judged(through_itself[_i].old, through_itself[_i].new);
  ck_flushed(through_itself[_i].flushed);
}
END_TEST

/* A directory on the way that has the name of the file: what stands there is no way
 * to anywhere else. */
static const struct {
  const char *old, *new;
} of_equal_names[] = {
  { "d/d.tmp", "d/d" }, { "d/d", "d/new" },        { "d/d.tmp", "./d//d" },
  { "d/d/e", "d/d/d" }, { "d/../d/d.tmp", "e/d" }, { "e/d", "d/../d/d.tmp" },
};

START_TEST(a_directory_with_the_name_of_the_file_costs_no_syncfs)
{
  const char *old = of_equal_names[_i].old, *new = of_equal_names[_i].new;
  char here[4096], absolute[2][4096 + 64], directory[64];

  if (row() == WITHOUT_JOURNAL)
    return; /* a syncfs each time */
  LAY_OUT("d/", "e/");
  if (strstr(old, "d/d/"))
    LAY_OUT("d/d/");
  LAY_OUT(old);
  rename_judged(old, new);
  ck_assert_ptr_null(strstr(judged(), "syncfs"));
  rename_judged(new, old);
  ck_assert_ptr_nonnull(getcwd(here, sizeof here));
  snprintf(directory, sizeof directory, "%.60s", strrchr(here, '/') + 1);
  snprintf(absolute[0], sizeof *absolute, "%s/%s", here, old);
  snprintf(absolute[1], sizeof *absolute, "%s/%s", here, directory);
  rename_judged(absolute[0], absolute[1]);
  ck_assert_ptr_null(strstr(judged(), "syncfs"));
  if (row() != IN_MEMORY)
    ck_assert_str_ne(judged(), "");
}
END_TEST

/* d is a directory when the call is made, and a symlink to z/y after it. */
static const struct {
  const char *old, *new, *flushed;
} exchanged[] = {
  { "d", "d/../e", "syncfs ., fsync ." },
  { "d/../d", "e", "syncfs ., fsync ." },
};

START_TEST(an_exchange_with_what_the_path_leads_through_flushes_the_filesystem)
{
  LAY_OUT("d/", "z/", "z/y/", "e>z/y");
  judge_begin();
  int result = CALL(renameat2)(AT_FDCWD, exchanged[_i].old, AT_FDCWD, exchanged[_i].new,
                               RENAME_EXCHANGE);
  judge_end();
  if (result == -1 && errno == EINVAL)
    return; /* this filesystem has none */
  ck_assert_int_eq(result, 0);
  ck_flushed(exchanged[_i].flushed);
}
END_TEST

START_TEST(an_old_parent_that_leads_through_what_was_moved_is_needed_no_more_than_ever)
{
  LAY_OUT("d/");
  if (_i == 0) {
    rename_judged("d/../d", "g");
  } else {
    judge_begin();
    int result = CALL(renameat2)(AT_FDCWD, "d/../d", AT_FDCWD, "g", RENAME_NOREPLACE);
    judge_end();
    if (result == -1 && errno == EINVAL)
      return; /* this filesystem has none */
    ck_assert_int_eq(result, 0);
  }
  if (row() == IN_MEMORY)
    ck_flushed("");
  else
    ck_flushed(row() == JOURNALED ? "fsync ." : "syncfs ., fsync .");
}
END_TEST

START_TEST(an_ancestor_of_the_current_directory_can_be_renamed)
{
  LAY_OUT("a/", "a/b/");
  ck_assert(chdir("a/b") == 0);
  judge_begin();
  int result = CALL(rename)("../../a", "../../z");
  judge_end();
  ck_assert(chdir("../..") == 0);
  ck_assert_int_eq(result, 0);
  ck_flushed(removed_name("a"));
}
END_TEST

START_TEST(a_file_with_its_directorys_name_is_moved_as_any_other)
{
  LAY_OUT("d/", "e/", "d/d");
  rename_judged("d/d", "e/f");
  ck_flushed(moved("d/d", "e/f"));
}
END_TEST

TCase *renamed_case(void)
{
  TCase *tests = new_case("renamed");

  EACH(one_directory_in_two_spellings_is_flushed_once, spellings);
  tcase_add_test(tests, one_directory_through_two_dirfds_is_flushed_once);
  tcase_add_loop_test(tests, two_directories_through_two_dirfds_are_flushed_in_order, 0, 2);
  tcase_add_test(tests, both_directories_are_flushed_in_the_order_of_the_filesystem);
  tcase_add_test(tests, a_directory_that_moves_flushes_both_parents);
  tcase_add_test(tests, renameat2_exchange_flushes_both_parents);
  tcase_add_test(tests, renameat2_noreplace_that_fails_flushes_nothing);
  tcase_add_test(tests, renameat2_whiteout_flushes_the_inode_that_it_leaves);
  tcase_add_test(tests, rename_between_two_names_of_one_inode_succeeds);
  tcase_add_test(tests, a_parent_that_leads_through_what_was_moved_is_flushed_by_the_other);
  tcase_add_test(tests, both_parents_leading_through_what_was_moved_flush_everything);
  EACH(a_rename_over_a_symlink_in_its_own_path_flushes_the_filesystem, through_itself);
  EACH(a_directory_with_the_name_of_the_file_costs_no_syncfs, of_equal_names);
  EACH(an_exchange_with_what_the_path_leads_through_flushes_the_filesystem, exchanged);
  tcase_add_loop_test(
    tests, an_old_parent_that_leads_through_what_was_moved_is_needed_no_more_than_ever, 0, 2);
  tcase_add_test(tests, a_file_with_its_directorys_name_is_moved_as_any_other);
  tcase_add_test(tests, an_ancestor_of_the_current_directory_can_be_renamed);
  return tests;
}
