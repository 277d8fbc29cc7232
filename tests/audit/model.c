/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The auditor's model by itself: what two threads do at the same time, in an order that no
 * program can be made to keep. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/changes.h"
#include "audit/contents.h"
#include "audit/flushes.h"
#include "audit/knowers.h"
#include "../common/patience.h"
#include "../common/suite.h"

const char program_name[] = "model";

static struct process writer = { .pid = 1, .alive = true };
static char folder[] = "model.XXXXXX", path[64];
static struct file *directory;

static void set_up(void)
{
  struct stat st;

  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(stat(folder, &st), 0);
  directory = find_file(folder, &st);
  snprintf(path, sizeof path, "%s/file", folder);
}

static void tear_down(void)
{
  unlink(path);
  rmdir(folder);
}

static struct file *make_file(void)
{
  struct stat st;
  int fd = open(path, O_WRONLY | O_CREAT, 0600);

  ck_assert_int_ne(fd, -1);
  ck_assert_int_eq(fstat(fd, &st), 0);
  close(fd);
  return new_file(path, &st);
}

static struct change *create(struct file *file)
{
  const struct change draft = { .kind = CREATED,
                                .call = "open",
                                .by = &writer,
                                .directory = directory,
                                .entry = find_name(directory, "file"),
                                .file = file,
                                .path = path };

  return add_change(&draft, NULL);
}

START_TEST(a_flush_that_began_before_a_change_does_not_cover_it)
{
  moment began = now();
  struct change *change = create(make_file());

  flush_file(directory, began, false);
  ck_assert_uint_eq(change->durable, 0);
  flush_file(directory, now(), false);
  ck_assert_uint_ne(change->durable, 0);
}
END_TEST

START_TEST(nor_one_that_began_before_a_write_its_bytes)
{
  struct file *file = make_file();
  moment began = now();

  file_written(file, &writer, 1, false);
  flush_file(file, began, false);
  ck_assert(bytes_at_risk(file));
  flush_filesystem(file->device, 0, began);
  ck_assert(bytes_at_risk(file));
  flush_all(now());
  ck_assert(!bytes_at_risk(file));
}
END_TEST

START_TEST(nor_the_name_by_the_file)
{
  struct file *file = make_file();
  moment began = now();
  struct change *change = create(file);

  flush_file(file, began, false);
  ck_assert_uint_eq(change->durable_on_linux, 0);
  flush_file(file, now(), false);
  ck_assert_uint_ne(change->durable_on_linux, 0);
  ck_assert_uint_eq(change->durable, 0);
}
END_TEST

START_TEST(who_does_not_know_tells_nothing)
{
  struct process other = { .pid = 2, .alive = true }, child = { .pid = 3, .alive = true };
  struct change *change = create(make_file());

  tell(&other, 0, "write()");
  ck_assert_uint_eq(change->told.when, 0);
  share(&writer, &child);
  child.parent = &other;
  ck_assert(hand_over(&child));
  ck_assert(!has_news(&child));
  tell(&other, 0, "write()");
  ck_assert_uint_ne(change->told.when, 0);
  ck_assert(change->told.name);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("model");
  TCase *tests = tcase_create("moments");

  tcase_set_timeout(tests, PATIENCE);
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, a_flush_that_began_before_a_change_does_not_cover_it);
  tcase_add_test(tests, nor_one_that_began_before_a_write_its_bytes);
  tcase_add_test(tests, nor_the_name_by_the_file);
  tcase_add_test(tests, who_does_not_know_tells_nothing);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
