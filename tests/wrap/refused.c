/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Directories that a plain user may write and not read: drop boxes. */
#include <grp.h>
#include <sys/prctl.h>

#include "scene.h"
#include "seccomp.h"

enum { NOBODY = 65534 };

/* Goes on as a plain user who owns what the folder holds. */
static void become_plain_user(const char *const paths[])
{
  if (geteuid() != 0)
    return;
  for (int i = 0; paths[i]; i++)
    ck_assert(lchown(paths[i], NOBODY, NOBODY) == 0);
  ck_assert(chown(".", NOBODY, NOBODY) == 0);
  ck_assert(setgroups(0, NULL) == 0);
  ck_assert(setresgid(NOBODY, NOBODY, NOBODY) == 0);
  ck_assert(setresuid(NOBODY, NOBODY, NOBODY) == 0);
  ck_assert(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0); /* the judge must be let in */
}

/* "drop" with MODE, a readable "d" with a file, and a file in the drop box. */
static void make_drop_box(mode_t mode)
{
  LAY_OUT("drop/", "drop/old", "d/", "d/f", "d/g");
  ck_assert(chmod("drop", mode) == 0);
  become_plain_user((const char *const[]) { "drop", "drop/old", "d", "d/f", "d/g", NULL });
  ck_assert(syscall(SYS_openat, AT_FDCWD, "drop", O_RDONLY) == -1 && errno == EACCES);
}

/* In memory nothing is flushed, however little the directory can be read. */
static const char *instead(const char *flushed)
{
  return row() == IN_MEMORY ? "" : flushed;
}

START_TEST(a_new_file_is_flushed_by_its_own_descriptor)
{
  make_drop_box(0300);
  JUDGED(CALL(open)("drop/f", O_CREAT | O_EXCL | O_WRONLY, 0600));
  ck_flushed(instead("syncfs drop/f, fsync drop/f"));
  JUDGED(CALL(creat)("drop/g", 0600));
  ck_flushed(instead("syncfs drop/g, fsync drop/g"));
}
END_TEST

START_TEST(other_changes_are_flushed_by_the_nearest_directory_that_can_be_read)
{
  int before = open_descriptors();

  make_drop_box(0300);
  JUDGED(CALL(link)("d/f", "drop/l"));
  ck_flushed(instead("syncfs ., fsync ."));
  JUDGED(CALL(mkdir)("drop/dir", 0755));
  ck_flushed(instead("syncfs ., fsync ."));
  JUDGED(CALL(symlink)("x", "drop/s"));
  ck_flushed(instead("syncfs ., fsync ."));
  JUDGED(CALL(rename)("drop/old", "drop/new"));
  ck_flushed(instead("syncfs ., fsync ."));
  JUDGED(CALL(unlink)("drop/new"));
  ck_flushed(instead("syncfs ., fsync ."));
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* A descriptor as any other, where standard input is closed. */
START_TEST(what_is_opened_as_descriptor_0_is_flushed_by_it)
{
  make_drop_box(0300);
  close(0);
  JUDGED(CALL(open)("drop/f", O_CREAT | O_EXCL | O_WRONLY, 0600));
  ck_flushed(instead("syncfs drop/f, fsync drop/f"));
  close(0);
  JUDGED(CALL(link)("d/f", "drop/l"));
  ck_flushed(instead("syncfs ., fsync ."));
  JUDGED(CALL(rename)("d/f", "drop/g"));
  ck_flushed(instead("syncfs d, fsync d"));
  ck_assert(fcntl(0, F_GETFD) == -1);
}
END_TEST

START_TEST(a_directory_of_somebody_else_is_flushed_as_any_other)
{
  if (geteuid() != 0)
    return; /* needs a directory of somebody else */
  LAY_OUT("theirs/", "d/", "d/f");
  ck_assert(chmod("theirs", 0777) == 0);
  become_plain_user((const char *const[]) { "d", "d/f", NULL });
  JUDGED(CALL(link)("d/f", "theirs/l"));
  ck_flushed(made_name("theirs/l"));
  JUDGED(CALL(open)("theirs/f", O_CREAT | O_WRONLY, 0600));
  ck_flushed(made_file("theirs/f"));
}
END_TEST

START_TEST(a_rename_into_a_drop_box_is_flushed_by_the_old_parent)
{
  int before = open_descriptors();

  make_drop_box(0300);
  JUDGED(CALL(rename)("d/f", "drop/f"));
  ck_flushed(instead("syncfs d, fsync d"));
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* The old parent is but another way to the same filesystem. */
START_TEST(a_rename_into_a_drop_box_does_not_depend_on_the_old_parent)
{
  make_drop_box(0300);
  int d = open("d", O_RDONLY | O_DIRECTORY);
  ck_assert(d != -1);
  refuse_openat_at(d, EIO);
  JUDGED(CALL(renameat)(d, "f", AT_FDCWD, "drop/f"));
  ck_flushed(instead("syncfs ., fsync ."));
}
END_TEST

START_TEST(a_rename_out_of_a_drop_box_survives)
{
  make_drop_box(0300);
  JUDGED(CALL(rename)("drop/old", "d/new"));
  ck_flushed(instead(row() == JOURNALED ? "fsync d" : "syncfs d, fsync d"));
}
END_TEST

START_TEST(a_sticky_drop_box_of_a_group_works)
{
  if (geteuid() != 0)
    return; /* needs a directory of somebody else */
  LAY_OUT("drop/", "d/", "d/f");
  ck_assert(chown("drop", 0, NOBODY) == 0 && chmod("drop", 01730) == 0);
  become_plain_user((const char *const[]) { "d", "d/f", NULL });
  ck_assert(syscall(SYS_openat, AT_FDCWD, "drop", O_RDONLY) == -1 && errno == EACCES);
  JUDGED(CALL(open)("drop/f", O_CREAT | O_WRONLY, 0600));
  ck_flushed(instead("syncfs drop/f, fsync drop/f"));
  JUDGED(CALL(link)("d/f", "drop/l"));
  ck_flushed(instead("syncfs ., fsync ."));
}
END_TEST

START_TEST(a_drop_box_in_a_drop_box_is_flushed_from_further_up)
{
  LAY_OUT("drop/", "drop/inner/", "drop/inner/f");
  ck_assert(chmod("drop/inner", 0300) == 0 && chmod("drop", 0300) == 0);
  become_plain_user((const char *const[]) { "drop", "drop/inner", "drop/inner/f", NULL });
  close(0); /* for what can be read: 0 is a descriptor as any other */
  JUDGED(CALL(unlink)("drop/inner/f"));
  ck_flushed(instead("syncfs ., fsync ."));
}
END_TEST

START_TEST(a_failed_fsync_after_a_good_syncfs_is_a_failure)
{
  if (row() == IN_MEMORY)
    return;
  make_drop_box(0300);
  refuse(SYS_fsync, EIO);
  ck_fails(CALL(link)("d/f", "drop/l"), EIO, "syncfs ., fsync .=EIO");
}
END_TEST

START_TEST(a_drop_box_of_which_nothing_can_be_known_flushes_everything)
{
  int before = open_descriptors();

  make_drop_box(0300);
  refuse(SYS_statx, ENOSYS);
  JUDGED(CALL(link)("d/f", "drop/l"));
  /* Once for the bytes that the file may have, once for the name. */
  ck_flushed(instead("sync, sync, sync, sync"));
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* What cannot be read for another reason is broken, and is not climbed over. */
START_TEST(a_broken_directory_above_a_drop_box_is_a_failure)
{
  if (row() == IN_MEMORY)
    return;
  make_drop_box(0300);
  refuse_to_read_below(EIO);
  ck_fails(CALL(link)("d/f", "drop/l"), EIO, "");
}
END_TEST

/* Above the drop box, and below the parent of a new directory. */
START_TEST(what_cannot_be_opened_on_the_way_ends_it_unless_only_we_cannot)
{
  int result, error;

  if (row() == IN_MEMORY)
    return;
  make_drop_box(0300);
  refuse_openat_below(_i == 0 ? EIO : ENFILE);
  judge_begin();
  result = CALL(link)("d/f", "drop/l");
  error = errno;
  judge_end();
  ck_flushed(_i == 0 ? "" : "sync, sync");
  ck_assert_int_eq(result, _i == 0 ? -1 : 0);
  ck_assert(_i != 0 || error == EIO);
  if (row() != OTHER)
    return;
  judge_begin();
  result = CALL(mkdir)("d/new", 0755);
  error = errno;
  judge_end();
  ck_flushed(_i == 0 ? "" : "syncfs d, fsync d");
  ck_assert_int_eq(result, _i == 0 ? -1 : 0);
  ck_assert(_i != 0 || error == EIO);
}
END_TEST

START_TEST(no_flush_at_all_of_a_drop_box_is_no_success)
{
  if (row() == IN_MEMORY)
    return;
  make_drop_box(0300);
  refuse(SYS_statx, ENOSYS);
  refuse(SYS_sync, ENOSYS);
  ck_assert_int_eq(CALL(link)("d/f", "drop/l"), -1);
  ck_assert_int_eq(errno, EACCES);
}
END_TEST

START_TEST(a_new_directory_that_cannot_be_read_is_flushed_by_syncfs)
{
  LAY_OUT("d/");
  become_plain_user((const char *const[]) { "d", NULL });
  umask(0777);
  JUDGED(CALL(mkdir)("d/it", 0755));
  switch (row()) {
    case IN_MEMORY: ck_flushed(""); break;
    case JOURNALED:
    case BTRFS: ck_flushed("fsync d"); break;
    default: ck_flushed("syncfs d, fsync d");
  }
}
END_TEST

TCase *refused_case(void)
{
  TCase *tests = new_case("refused");

  tcase_add_test(tests, a_new_file_is_flushed_by_its_own_descriptor);
  tcase_add_test(tests, other_changes_are_flushed_by_the_nearest_directory_that_can_be_read);
  tcase_add_test(tests, what_is_opened_as_descriptor_0_is_flushed_by_it);
  tcase_add_test(tests, a_directory_of_somebody_else_is_flushed_as_any_other);
  tcase_add_test(tests, a_rename_into_a_drop_box_is_flushed_by_the_old_parent);
  tcase_add_test(tests, a_rename_into_a_drop_box_does_not_depend_on_the_old_parent);
  tcase_add_test(tests, a_rename_out_of_a_drop_box_survives);
  tcase_add_test(tests, a_sticky_drop_box_of_a_group_works);
  tcase_add_test(tests, a_drop_box_in_a_drop_box_is_flushed_from_further_up);
  tcase_add_test(tests, a_failed_fsync_after_a_good_syncfs_is_a_failure);
  tcase_add_test(tests, a_drop_box_of_which_nothing_can_be_known_flushes_everything);
  tcase_add_test(tests, a_broken_directory_above_a_drop_box_is_a_failure);
  tcase_add_loop_test(tests, what_cannot_be_opened_on_the_way_ends_it_unless_only_we_cannot, 0, 2);
  tcase_add_test(tests, no_flush_at_all_of_a_drop_box_is_no_success);
  tcase_add_test(tests, a_new_directory_that_cannot_be_read_is_flushed_by_syncfs);
  return tests;
}
