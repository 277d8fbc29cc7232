/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths at the edge of what the kernel takes. */
#include <limits.h>

#include "scene.h"

START_TEST(slashes_without_need_are_ignored)
{
  LAY_OUT("a/");
  judge_begin();
  ck_assert(CALL(mkdir)("a//b///", 0755) == 0);
  judge_end();
  ck_flushed(made_directory("a/b"));
  judge_begin();
  ck_assert(CALL(rmdir)(".//a///b/") == 0);
  judge_end();
  ck_flushed(removed_name("a/b"));
  judge_begin();
  ck_assert(CALL(mkdir)("c/", 0755) == 0);
  judge_end();
  ck_flushed(made_directory("c"));
}
END_TEST

START_TEST(an_absolute_path_does_not_need_its_dirfd)
{
  char here[PATH_MAX], path[PATH_MAX + 16];

  LAY_OUT("d/");
  ck_assert_ptr_nonnull(getcwd(here, sizeof here));
  snprintf(path, sizeof path, "%s/d/it", here);
  judge_begin();
  ck_assert(CALL(mkdirat)(-1, path, 0755) == 0);
  judge_end();
  ck_flushed(made_directory("d/it"));
}
END_TEST

/* Paths that no call can make or remove, with the answer of the kernel. */
static const char *const no_names[] = { "", "/", ".", "..", "d/.", "d/..", "d/f/", "d/f/x" };

START_TEST(paths_that_are_no_names_fail_as_ever_and_flush_nothing)
{
  int results = 0;

  LAY_OUT("d/", "d/f");
  judge_begin();
  results += CALL(mkdir)(no_names[_i], 0755);
  results += CALL(unlink)(no_names[_i]);
  results += CALL(rename)(no_names[_i], "d/new");
  results += CALL(link)("d/f", no_names[_i]);
  results += CALL(symlink)("x", no_names[_i]);
  results += CALL(mkfifo)(no_names[_i], 0600);
  results += CALL(open)(no_names[_i], O_CREAT | O_WRONLY, 0600);
  judge_end();
  ck_assert_int_eq(results, -7);
  ck_flushed("");
}
END_TEST

START_TEST(rmdir_through_the_directory_itself_flushes_everything)
{
  LAY_OUT("d/");
  judge_begin();
  ck_assert(CALL(rmdir)("d/../d") == 0);
  judge_end();
  ck_flushed("sync, sync");
}
END_TEST

START_TEST(rmdir_of_the_current_directory_flushes_its_parent)
{
  LAY_OUT("x/");
  ck_assert(chdir("x") == 0);
  judge_begin();
  int result = CALL(rmdir)("../x");
  judge_end();
  ck_assert(chdir("..") == 0);
  ck_assert_int_eq(result, 0);
  ck_flushed(removed_name("x"));
}
END_TEST

/* A path of LENGTH bytes to "it" in "d". */
static const char *path_of(size_t length)
{
  static char path[PATH_MAX + 2];

  memset(path, '/', length);
  strcpy(path + length - 2, "it");
  path[0] = 'd';
  return path;
}

static const size_t path_lengths[] = { 4,   506, 507, 508,  509,  510,  511, 512,
                                       513, 514, 515, 4092, 4093, 4094, 4095 };

START_TEST(a_path_of_every_length_works)
{
  const char *path = path_of(path_lengths[_i]);

  LAY_OUT("d/");
  judge_begin();
  ck_assert(CALL(mkdir)(path, 0755) == 0);
  judge_end();
  ck_flushed(made_directory("d/it"));
}
END_TEST

/* The same, with a parent as long as that: "d/././. ... /i". */
static const int parent_lengths[] = { 500, 505, 506, 507,  508,  509,  510,
                                      511, 512, 513, 4086, 4088, 4090, 4092 };

START_TEST(a_parent_of_every_length_works)
{
  char path[PATH_MAX] = "d";

  LAY_OUT("d/");
  if (parent_lengths[_i] % 2 == 0)
    strcat(path, "/");
  while (strlen(path) < (size_t) parent_lengths[_i])
    strcat(path, "/.");
  strcat(path, "/i");
  judge_begin();
  ck_assert(CALL(mkdir)(path, 0755) == 0);
  judge_end();
  ck_flushed(made_directory("d/i"));
}
END_TEST

START_TEST(a_name_that_begins_with_a_dot_is_a_name)
{
  LAY_OUT("d/", "d/f");
  judge_begin();
  ck_assert(CALL(mkdir)("d/.dir", 0755) == 0);
  judge_end();
  ck_flushed(made_directory("d/.dir"));
  judge_begin();
  ck_assert(CALL(link)("d/f", "d/.lock") == 0);
  judge_end();
  ck_flushed(made_name("d/.lock"));
  judge_begin();
  ck_assert(CALL(rename)("d/.lock", "d/..lock") == 0);
  judge_end();
  ck_flushed(moved("d/.lock", "d/..lock"));
  judge_begin();
  ck_assert(CALL(unlink)("d/..lock") == 0);
  judge_end();
  ck_flushed(removed_name("d/..lock"));
}
END_TEST

START_TEST(a_path_that_is_too_long_fails_as_ever)
{
  LAY_OUT("d/");
  judge_begin();
  ck_assert(CALL(mkdir)(path_of(4096), 0755) == -1);
  judge_end();
  ck_assert_int_eq(errno, ENAMETOOLONG);
  ck_flushed("");
}
END_TEST

START_TEST(each_level_of_a_new_tree_is_flushed_into_its_parent)
{
  char all[8192];

  judge_begin();
  ck_assert(CALL(mkdir)("a", 0755) == 0);
  ck_assert(CALL(mkdir)("a/b", 0755) == 0);
  ck_assert(CALL(mkdir)("a/b/c", 0755) == 0);
  judge_end();
  if (row() == IN_MEMORY)
    return;
  snprintf(all, sizeof all, "%s, %s, %s", made_directory("a"), made_directory("a/b"),
           made_directory("a/b/c"));
  ck_flushed(all);
}
END_TEST

/* A program that is preloaded does not know of it. */
#ifndef PRELOADED
START_TEST(sync_parent_makes_a_name_durable_that_is_there)
{
  LAY_OUT("d/", "d/f", "d/dangling>nowhere");
  judge_begin();
  ck_assert(syncdir_sync_parent(AT_FDCWD, "d/f") == 0);
  judge_end();
  ck_flushed(made_name("d/f"));
  judge_begin();
  ck_assert(syncdir_sync_parent(AT_FDCWD, "d/dangling") == 0);
  judge_end();
  ck_flushed(made_name("d/dangling"));
}
END_TEST

START_TEST(sync_parent_of_a_path_that_ends_in_dots_goes_up)
{
  LAY_OUT("d/", "d/e/");
  judge_begin();
  ck_assert(syncdir_sync_parent(AT_FDCWD, "d/e/..") == 0);
  judge_end();
  ck_flushed(made_name("d"));
  judge_begin();
  ck_assert(syncdir_sync_parent(AT_FDCWD, "d/e/.") == 0);
  judge_end();
  ck_flushed(made_name("d/e"));
}
END_TEST

/* With "/.." behind it, it is longer than the kernel takes. */
START_TEST(sync_parent_of_the_longest_path_that_ends_in_dots_flushes_everything)
{
  char path[PATH_MAX] = "d";

  LAY_OUT("d/", "d/e/");
  while (strlen(path) + 7 < PATH_MAX)
    strcat(path, "/.");
  strcat(path, "/e/..");
  errno = 77;
  judge_begin();
  ck_assert(syncdir_sync_parent(AT_FDCWD, path) == 0);
  judge_end();
  ck_flushed("sync, sync");
}
END_TEST

START_TEST(sync_parent_of_what_is_not_there_fails)
{
  judge_begin();
  ck_assert(syncdir_sync_parent(AT_FDCWD, "missing") == -1 && errno == ENOENT);
  ck_assert(syncdir_sync_parent(AT_FDCWD, "") == -1 && errno == ENOENT);
  ck_assert(syncdir_sync_parent(AT_FDCWD, NULL) == -1 && errno == EFAULT);
  ck_assert(syncdir_sync_parent(-1, "missing") == -1 && errno == EBADF);
  judge_end();
  ck_flushed("");
}
END_TEST
#endif

TCase *paths_case(void)
{
  TCase *tests = new_case("paths");

  tcase_add_test(tests, slashes_without_need_are_ignored);
  tcase_add_test(tests, an_absolute_path_does_not_need_its_dirfd);
  EACH(paths_that_are_no_names_fail_as_ever_and_flush_nothing, no_names);
  tcase_add_test(tests, rmdir_through_the_directory_itself_flushes_everything);
  tcase_add_test(tests, rmdir_of_the_current_directory_flushes_its_parent);
  EACH(a_path_of_every_length_works, path_lengths);
  EACH(a_parent_of_every_length_works, parent_lengths);
  tcase_add_test(tests, a_name_that_begins_with_a_dot_is_a_name);
  tcase_add_test(tests, a_path_that_is_too_long_fails_as_ever);
  tcase_add_test(tests, each_level_of_a_new_tree_is_flushed_into_its_parent);
#ifndef PRELOADED
  tcase_add_test(tests, sync_parent_makes_a_name_durable_that_is_there);
  tcase_add_test(tests, sync_parent_of_a_path_that_ends_in_dots_goes_up);
  tcase_add_test(tests, sync_parent_of_the_longest_path_that_ends_in_dots_flushes_everything);
  tcase_add_test(tests, sync_parent_of_what_is_not_there_fails);
#endif
  return tests;
}
