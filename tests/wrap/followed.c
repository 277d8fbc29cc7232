/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open through symlinks, and through paths that lead elsewhere by the time of the flush: which
 * directory is flushed.  Part of the case "opened". */
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "scene.h"

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

void add_followed(TCase *tests)
{
  EACH(a_final_symlink_is_followed_to_the_directory_that_changed, links);
  tcase_add_loop_test(tests, a_final_symlink_is_followed_to_a_directory_far_down, 0, 2);
  tcase_add_test(tests, a_final_symlink_through_a_dirfd_is_followed);
  tcase_add_loop_test(tests,
                      a_path_that_leads_elsewhere_after_the_open_flushes_the_directory_of_the_file,
                      0, 9 * COUNT(replacements));
  tcase_add_test(tests, a_final_symlink_is_followed_by_a_thread_with_descriptors_of_its_own);
  tcase_add_test(tests, a_symlink_that_ends_outside_in_a_device_flushes_nothing);
  tcase_add_test(tests, o_excl_and_o_nofollow_do_not_follow);
}
