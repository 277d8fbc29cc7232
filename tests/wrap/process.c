/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads, signals, stacks and children: the library as a guest. */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "scene.h"

static void *rename_with_cancel_pending(void *returned)
{
  pthread_cancel(pthread_self());
  *(int *) returned = CALL(rename)("d/f", "d/g") == 0 && CALL(unlink)("d/g") == 0;
  return NULL;
}

START_TEST(calls_that_are_no_cancellation_points_stay_none)
{
  pthread_t thread;
  int returned = 0, before;

  LAY_OUT("d/", "d/f");
  before = open_descriptors();
  ck_assert(pthread_create(&thread, NULL, rename_with_cancel_pending, &returned) == 0);
  ck_assert(pthread_join(thread, NULL) == 0);
  ck_assert_int_eq(returned, 1);
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

static void *open_with_cancel_pending(void *path)
{
  pthread_cancel(pthread_self());
  CALL(open)(path, O_CREAT | O_WRONLY, 0600);
  return NULL;
}

START_TEST(open_stays_a_cancellation_point)
{
  void *result = NULL;
  pthread_t thread;

  ck_assert(pthread_create(&thread, NULL, open_with_cancel_pending, "f") == 0);
  ck_assert(pthread_join(thread, &result) == 0);
#ifdef AFTER_LIBC
  ck_assert_ptr_null(result); /* a system call, and nobody to ask for a cancel */
#else
  ck_assert_ptr_eq(result, PTHREAD_CANCELED);
  ck_assert(!exists("f"));
#endif
}
END_TEST

/* The thread that opens, once it is about to. */
static atomic_int opening;

static void *open_that_blocks(void *path)
{
  opening = syscall(SYS_gettid);
  return CALL(open)(path, O_CREAT | O_WRONLY, 0600) == -1 ? path : NULL;
}

/* Whether THREAD, which is not 0, sleeps in the kernel. */
static bool sleeps(int thread)
{
  char path[64], stat[256] = "";
  int fd;

  snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
  fd = open(path, O_RDONLY);
  ck_assert(fd != -1 && read(fd, stat, sizeof stat - 1) > 0);
  close(fd);
  return strncmp(strrchr(stat, ')'), ") S", 3) == 0;
}

/* A thread whose open of "fifo", which nobody reads, was cancelled. */
static pthread_t cancelled_in_open(void)
{
  pthread_t thread;

  ck_assert(syscall(SYS_mknodat, AT_FDCWD, "fifo", S_IFIFO | 0600, 0) == 0);
  ck_assert(pthread_create(&thread, NULL, open_that_blocks, "fifo") == 0);
  while (opening == 0 || !sleeps(opening))
    sched_yield();
  ck_assert(pthread_cancel(thread) == 0);
  return thread;
}

#if defined ARCHIVED || defined AFTER_LIBC
/* Its open is a raw system call, which a cancel does not end. */
START_TEST(a_thread_whose_open_blocks_is_not_cancelled_before_it_returns)
{
  pthread_t thread = cancelled_in_open();
  void *result = NULL;

  ck_assert(syscall(SYS_openat, AT_FDCWD, "fifo", O_RDONLY | O_NONBLOCK) != -1);
  ck_assert(pthread_join(thread, &result) == 0);
  ck_assert_ptr_null(result);
}
END_TEST
#else
START_TEST(a_thread_is_cancelled_while_its_open_blocks)
{
  int before = open_descriptors();
  void *result = NULL;

  ck_assert(pthread_join(cancelled_in_open(), &result) == 0);
  ck_assert_ptr_eq(result, PTHREAD_CANCELED);
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST
#endif

START_TEST(the_child_of_vfork_flushes_and_leaves_its_parent_alone)
{
  int status, before;
  pid_t child;
  char all[256];

  LAY_OUT("d/", "e/", "d/f");
  before = open_descriptors();
  errno = 77;
  judge_begin();
  child = vfork();
  if (child == 0)
    _exit(CALL(link)("d/f", "e/f") == 0 && CALL(rename)("d/f", "d/g") == 0 ? 0 : 1);
  judge_end();
  ck_assert(waitpid(child, &status, 0) == child && status == 0);
  ck_assert_int_eq(errno, 77);
  ck_assert_int_eq(open_descriptors(), before);
  snprintf(all, sizeof all, "%s%s%s", made_name("e/f"), row() == IN_MEMORY ? "" : ", ",
           moved("d/f", "d/g"));
  ck_flushed(all);
}
END_TEST

static volatile sig_atomic_t handled, failed;

static void rename_in_handler(int signal)
{
  static bool there;
  int saved = errno;

  (void) signal;
  if (CALL(rename)(there ? "e/g" : "e/f", there ? "e/f" : "e/g") == -1)
    failed = 1;
  there = !there;
  handled++;
  errno = saved;
}

START_TEST(a_signal_handler_renames_while_the_program_renames)
{
  struct sigaction action = { .sa_handler = rename_in_handler, .sa_flags = SA_RESTART };
  int before;

  LAY_OUT("d/", "e/", "d/f", "e/f");
  before = open_descriptors();
  ck_assert(sigaction(SIGALRM, &action, NULL) == 0);
  for (int i = 0; handled < 50; i++) {
    struct itimerval once = { { 0, 0 }, { 0, 1 + i * 7 % 500 } };

    ck_assert(setitimer(ITIMER_REAL, &once, NULL) == 0);
    ck_assert(CALL(rename)("d/f", "d/g") == 0);
    ck_assert(CALL(rename)("d/g", "d/f") == 0);
  }
  ck_assert(!failed);
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* 4095 bytes, over a symlink that is followed: the deepest way through. */
static void *calls_with_long_paths(void *result)
{
  char *path = malloc(PATH_MAX);

  strcpy(path, "d");
  while (strlen(path) + 2 < PATH_MAX - 4)
    strcat(path, "/.");
  strcat(path, "/l");
  *(int *) result = CALL(open)(path, O_CREAT | O_WRONLY, 0600) != -1
                 && CALL(rename)("e/target", "d/elsewhere") == 0 && CALL(unlink)(path) == 0;
  free(path);
  return NULL;
}

START_TEST(a_stack_of_16_kib_is_enough)
{
  pthread_attr_t attributes;
  char expected[256];
  pthread_t thread;
  int result = 0;

  LAY_OUT("d/", "e/", "d/l>../e/target");
  pthread_attr_init(&attributes);
  ck_assert(pthread_attr_setstacksize(&attributes, 16 * 1024) == 0);
  judge_begin();
  ck_assert(pthread_create(&thread, &attributes, calls_with_long_paths, &result) == 0);
  ck_assert(pthread_join(thread, NULL) == 0);
  judge_end();
  ck_assert_int_eq(result, 1);
  snprintf(expected, sizeof expected, "%s, %s, %s", made_file("e/target"),
           moved("e/target", "d/elsewhere"), removed_name("d/l"));
  ck_flushed(row() == IN_MEMORY ? "" : expected);
}
END_TEST

enum { LINKS = 20 };

static void *link_often(void *directory)
{
  char path[32];

  for (int i = 0; i < LINKS; i++) {
    snprintf(path, sizeof path, "%s/%d", (const char *) directory, i);
    if (CALL(link)("f", path) == -1)
      return directory;
  }
  return NULL;
}

static int times(const char *flush)
{
  int count = 0;

  for (const char *found = judged(); (found = strstr(found, flush)); found++)
    count++;
  return count;
}

START_TEST(threads_in_different_directories_flush_each_its_own)
{
  static const char *const names[] = { "a", "b", "c" };
  pthread_t threads[3];
  void *results[3];

  if (row() == IN_MEMORY)
    return;
  LAY_OUT("a/", "b/", "c/", "f");
  judge_begin();
  for (int i = 0; i < 3; i++)
    ck_assert(pthread_create(&threads[i], NULL, link_often, (void *) names[i]) == 0);
  for (int i = 0; i < 3; i++)
    ck_assert(pthread_join(threads[i], &results[i]) == 0);
  judge_end();
  for (int i = 0; i < 3; i++)
    ck_assert_ptr_null(results[i]);
  for (int i = 0; i < 3; i++) {
    int flushes = times((const char *[]) { "fsync a", "fsync b", "fsync c" }[i]);

    /* On btrfs one more where the log of another thread may have been joined; on FUSE
     * the file as well. */
    ck_assert(flushes >= LINKS);
    ck_assert(flushes <= (row() == BTRFS || row() == ON_FUSE ? 2 * LINKS : LINKS));
  }
}
END_TEST

enum { THREADS = 4, FORKS = 50 };

static atomic_bool done;

static void *rename_to_and_fro(void *number)
{
  char one[16], other[16];

  snprintf(one, sizeof one, "d/%d", *(int *) number);
  snprintf(other, sizeof other, "e/%d", *(int *) number);
  while (!done)
    if (CALL(rename)(one, other) == -1 || CALL(rename)(other, one) == -1)
      abort();
  return NULL;
}

START_TEST(a_child_forked_among_renaming_threads_can_rename)
{
  static int numbers[THREADS] = { 0, 1, 2, 3 };
  pthread_t threads[THREADS];
  int status;

  LAY_OUT("d/", "e/", "d/0", "d/1", "d/2", "d/3", "d/mine");
  for (int i = 0; i < THREADS; i++)
    ck_assert(pthread_create(&threads[i], NULL, rename_to_and_fro, &numbers[i]) == 0);
  for (int i = 0; i < FORKS; i++) {
    pid_t child = fork();

    if (child == 0)
      _exit(CALL(rename)(i % 2 ? "e/mine" : "d/mine", i % 2 ? "d/mine" : "e/mine") != 0);
    ck_assert(waitpid(child, &status, 0) == child && status == 0);
  }
  done = true;
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
}
END_TEST

TCase *process_case(void)
{
  TCase *tests = new_case("process");

  tcase_add_test(tests, calls_that_are_no_cancellation_points_stay_none);
  tcase_add_test(tests, open_stays_a_cancellation_point);
#if defined ARCHIVED || defined AFTER_LIBC
  tcase_add_test(tests, a_thread_whose_open_blocks_is_not_cancelled_before_it_returns);
#else
  tcase_add_test(tests, a_thread_is_cancelled_while_its_open_blocks);
#endif
  tcase_add_test(tests, the_child_of_vfork_flushes_and_leaves_its_parent_alone);
  tcase_add_test(tests, a_signal_handler_renames_while_the_program_renames);
  tcase_add_test(tests, a_stack_of_16_kib_is_enough);
  tcase_add_test(tests, threads_in_different_directories_flush_each_its_own);
  tcase_add_test(tests, a_child_forked_among_renaming_threads_can_rename);
  return tests;
}
