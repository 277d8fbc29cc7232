/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes before names: what a file holds is written before a rename or link. */
#include <linux/fs.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "scene.h"
#include "seccomp.h"

/* Makes a file that nobody has flushed, without the library. */
static void write_file(const char *path)
{
  int fd = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, 0600);

  ck_assert(fd != -1 && write(fd, "bytes", 5) == 5 && close(fd) == 0);
}

/* Bytes of PATH, then FLUSHES, as the judge must show them. */
static const char *written(const char *path, const char *flushes)
{
  static char text[1024];

  if (row() == IN_MEMORY)
    return "";
  snprintf(text, sizeof text, "%.30s %.300s, %.600s",
           row() == JOURNALED ? "sync_file_range" : "fdatasync", path, flushes);
  return text;
}

static void set_the_scene(void)
{
  LAY_OUT("d/", "e/", "empty");
  write_file("d/f");
}

START_TEST(bytes_are_written_before_a_rename)
{
  set_the_scene();
  JUDGED(CALL(rename)("d/f", "e/f"));
  ck_flushed(written("d/f", moved("d/f", "e/f")));
}
END_TEST

START_TEST(bytes_are_written_before_a_link)
{
  set_the_scene();
  JUDGED(CALL(link)("d/f", "e/f"));
  ck_flushed(written("d/f", made_name("e/f")));
}
END_TEST

START_TEST(bytes_of_a_full_path_and_of_a_dirfd_are_written)
{
  int d;

  set_the_scene();
  d = open("d", O_PATH);
  JUDGED(CALL(renameat)(d, "f", AT_FDCWD, "e/f"));
  ck_flushed(written("d/f", moved("d/f", "e/f")));
}
END_TEST

START_TEST(what_is_empty_or_no_regular_file_costs_nothing)
{
  set_the_scene();
  ck_assert(syscall(SYS_symlinkat, "d/f", AT_FDCWD, "symlink") == 0);
  ck_assert(syscall(SYS_mknodat, AT_FDCWD, "fifo", S_IFIFO | 0600, 0) == 0);
  JUDGED(CALL(rename)("empty", "empty-too"));
  ck_flushed(made_name("empty-too"));
  JUDGED(CALL(rename)("symlink", "symlink-too"));
  ck_flushed(made_name("symlink-too"));
  JUDGED(CALL(rename)("fifo", "fifo-too"));
  ck_flushed(made_name("fifo-too"));
  JUDGED(CALL(rename)("d", "d-too"));
  ck_flushed(made_name("d-too"));
}
END_TEST

START_TEST(an_exchange_writes_both_files)
{
  char all[1024];

  set_the_scene();
  write_file("d/g");
  judge_begin();
  int result = CALL(renameat2)(AT_FDCWD, "d/f", AT_FDCWD, "d/g", RENAME_EXCHANGE);
  judge_end();
  if (result == -1 && errno == EINVAL)
    return; /* not on this filesystem */
  ck_assert_int_eq(result, 0);
  snprintf(all, sizeof all, "%s", written("d/g", made_name("d/f")));
  ck_flushed(written("d/f", all));
}
END_TEST

START_TEST(what_was_changed_after_its_own_fsync_is_written)
{
  int fd;

  set_the_scene();
  fd = syscall(SYS_openat, AT_FDCWD, "d/f", O_RDWR);
  ck_assert(fd != -1 && CALL(fsync)(fd) == 0 && pwrite(fd, "B", 1, 0) == 1);
  JUDGED(CALL(rename)("d/f", "d/g"));
  ck_flushed(written("d/f", made_name("d/g")));
}
END_TEST

/* Same inode number, size and name, perhaps; all within one tick of the clock. */
START_TEST(a_new_file_in_the_place_of_one_that_was_fsynced_is_written)
{
  set_the_scene();
  for (int i = 0; i < 20; i++) {
    int fd = syscall(SYS_openat, AT_FDCWD, "d/f", O_RDWR);

    ck_assert(fd != -1 && CALL(fdatasync)(fd) == 0 && close(fd) == 0);
    ck_assert(syscall(SYS_unlinkat, AT_FDCWD, "d/f", 0) == 0);
    write_file("d/f");
    JUDGED(CALL(rename)("d/f", "d/g"));
    ck_flushed(written("d/f", made_name("d/g")));
    ck_assert(syscall(SYS_unlinkat, AT_FDCWD, "d/g", 0) == 0);
    write_file("d/f");
  }
}
END_TEST

START_TEST(a_file_without_a_name_is_written_by_its_descriptor)
{
  char link[64];
  const char *begin;
  int fd;

  set_the_scene();
  fd = syscall(SYS_openat, AT_FDCWD, "d", O_TMPFILE | O_WRONLY, 0200);
  if (fd == -1)
    return; /* not on this filesystem */
  ck_assert(write(fd, "bytes", 5) == 5);
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  JUDGED(CALL(linkat)(AT_FDCWD, link, AT_FDCWD, "e/f", AT_SYMLINK_FOLLOW));
  begin = written("d/", "");
  ck_assert_msg(strncmp(judged(), begin, strcspn(begin, ",")) == 0, "%s", judged());
  ck_assert(row() == IN_MEMORY || strstr(judged(), made_name("e/f")));
}
END_TEST

START_TEST(fcntl_locks_on_the_file_are_kept)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd, status;
  pid_t child;

  set_the_scene();
  fd = syscall(SYS_openat, AT_FDCWD, "d/f", O_RDWR);
  ck_assert(fd != -1 && fcntl(fd, F_SETLK, &lock) == 0);
  ck_assert(CALL(rename)("d/f", "d/g") == 0 && CALL(link)("d/g", "e/f") == 0);
  child = fork();
  if (child == 0)
    _exit(fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK ? 0 : 1);
  ck_assert(waitpid(child, &status, 0) == child && status == 0);
}
END_TEST

static volatile sig_atomic_t children_ended;

static void count_child(int signal)
{
  (void) signal;
  children_ended++;
}

START_TEST(the_program_sees_no_child)
{
  struct sigaction action = { .sa_handler = count_child };
  sigset_t mask;
  int before;

  set_the_scene();
  before = open_descriptors();
  ck_assert(sigaction(SIGCHLD, &action, NULL) == 0);
  errno = 77;
  ck_assert(CALL(rename)("d/f", "d/g") == 0);
  ck_assert_int_eq(errno, 77);
  ck_assert_int_eq(children_ended, 0);
  ck_assert(waitpid(-1, NULL, WNOHANG | __WALL) == -1 && errno == ECHILD);
  ck_assert(sigprocmask(SIG_BLOCK, NULL, &mask) == 0 && !sigismember(&mask, SIGUSR1));
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

static volatile sig_atomic_t handled, handled_elsewhere;
static pid_t own_process;

static void note_process(int signal)
{
  (void) signal;
  handled++;
  if (syscall(SYS_getpid) != own_process)
    handled_elsewhere++;
}

/* A signal to the process group, as the terminal sends one, reaches our task as well. */
START_TEST(no_handler_runs_in_our_task)
{
  /* SA_RESTART: the last of the signals may come while the sender is waited for. */
  struct sigaction action = { .sa_handler = note_process, .sa_flags = SA_RESTART };
  int status;
  pid_t sender;

  set_the_scene();
  ck_assert(setpgid(0, 0) == 0);
  own_process = getpid();
  ck_assert(sigaction(SIGUSR1, &action, NULL) == 0);
  sender = fork();
  if (sender == 0) {
    signal(SIGUSR1, SIG_IGN);
    while (kill(-own_process, SIGUSR1) == 0)
      sched_yield();
    _exit(0);
  }
  for (int i = 0; i < 50 || handled < 100; i++) {
    write_file("d/f");
    ck_assert(CALL(rename)("d/f", "e/f") == 0);
  }
  ck_assert(kill(sender, SIGKILL) == 0 && waitpid(sender, &status, 0) == sender);
  ck_assert_int_eq(handled_elsewhere, 0);
}
END_TEST

/* Takes every child that it can get, also ours. */
static void *wait_for_all(void *stop)
{
  while (!*(volatile bool *) stop)
    waitpid(-1, NULL, __WALL | WNOHANG);
  return NULL;
}

START_TEST(who_takes_the_end_of_our_task_takes_nothing_from_us)
{
  bool stop = false;
  pthread_t thread;

  set_the_scene();
  ck_assert(pthread_create(&thread, NULL, wait_for_all, &stop) == 0);
  for (int i = 0; i < 100; i++) {
    write_file("d/f");
    ck_assert(CALL(rename)("d/f", "e/f") == 0);
  }
  stop = true;
  pthread_join(thread, NULL);
}
END_TEST

static const int losses[] = { EIO, ENOSPC, EDQUOT, EROFS };

START_TEST(a_file_that_cannot_be_written_gets_no_name)
{
  if (row() == IN_MEMORY)
    return;
  set_the_scene();
  write_file("e/f");
  refuse(row() == JOURNALED ? SYS_sync_file_range : SYS_fdatasync, losses[_i]);
  judge_begin();
  int result = CALL(rename)("d/f", "e/f"), error = errno;
  judge_end();
  ck_assert_int_eq(result, -1);
  ck_assert_int_eq(error, losses[_i]);
  ck_assert(exists("d/f"));
  ck_assert_ptr_null(strstr(judged(), " e"));
}
END_TEST

START_TEST(without_a_task_the_filesystem_is_written_first)
{
  char all[256];

  if (row() == IN_MEMORY)
    return;
  set_the_scene();
  judge_begin();
  refuse(SYS_clone, _i ? EPERM : EAGAIN);
  int result = CALL(rename)("d/f", "d/g");
  judge_end();
  ck_assert_int_eq(result, 0);
  snprintf(all, sizeof all, "syncfs d, %s",
           row() == ON_FUSE ? "syncfs d, fsync d" : made_name("d/g"));
  ck_flushed(all);
}
END_TEST

START_TEST(a_full_descriptor_table_does_not_matter)
{
  struct rlimit few;

  set_the_scene();
  judge_begin();
  ck_assert(getrlimit(RLIMIT_NOFILE, &few) == 0);
  few.rlim_cur = 20;
  ck_assert(setrlimit(RLIMIT_NOFILE, &few) == 0);
  while (syscall(SYS_dup, 0) != -1)
    continue;
  int result = CALL(rename)("d/f", "d/g");
  judge_end();
  ck_assert_int_eq(result, 0);
  ck_assert_msg(row() == IN_MEMORY || strstr(judged(), " d/f"), "%s", judged());
}
END_TEST

START_TEST(a_failed_call_changes_nothing)
{
  set_the_scene();
  ck_assert(CALL(rename)((char *) 1, "e/f") == -1 && errno == EFAULT);
  ck_assert(CALL(rename)("d/f", (char *) 1) == -1 && errno == EFAULT);
  ck_assert(CALL(link)("d/f", (char *) 1) == -1 && errno == EFAULT);
  ck_assert(CALL(linkat)(AT_FDCWD, (char *) 1, AT_FDCWD, "x", AT_EMPTY_PATH) == -1);
  ck_assert_int_eq(errno, EFAULT);
  ck_fails(CALL(rename)("d/f", "none/f"), ENOENT, "");
  ck_fails(CALL(rename)("d/f", "empty/f"), ENOTDIR, "");
  ck_fails(CALL(rename)("d/f", "/proc/f"), EXDEV, "");
  ck_assert(exists("d/f"));
}
END_TEST

static void *rename_on_little_stack(void *result)
{
  *(int *) result = CALL(rename)("d/f", "e/f");
  return NULL;
}

START_TEST(a_stack_of_16_kib_is_enough_for_bytes)
{
  pthread_attr_t attributes;
  pthread_t thread;
  int result = -1;

  set_the_scene();
  pthread_attr_init(&attributes);
  ck_assert(pthread_attr_setstacksize(&attributes, 16 * 1024) == 0);
  judge_begin();
  ck_assert(pthread_create(&thread, &attributes, rename_on_little_stack, &result) == 0);
  ck_assert(pthread_join(thread, NULL) == 0);
  judge_end();
  ck_assert_int_eq(result, 0);
  ck_flushed(written("d/f", moved("d/f", "e/f")));
}
END_TEST

START_TEST(the_child_of_vfork_writes_bytes)
{
  int status;
  pid_t child;

  set_the_scene();
  judge_begin();
  child = vfork();
  if (child == 0)
    _exit(CALL(rename)("d/f", "e/f") != 0);
  ck_assert(waitpid(child, &status, 0) == child && status == 0);
  judge_end();
  ck_flushed(written("d/f", moved("d/f", "e/f")));
}
END_TEST

TCase *bytes_case(void)
{
  TCase *tests = new_case("bytes");

  tcase_add_test(tests, bytes_are_written_before_a_rename);
  tcase_add_test(tests, bytes_are_written_before_a_link);
  tcase_add_test(tests, bytes_of_a_full_path_and_of_a_dirfd_are_written);
  tcase_add_test(tests, what_is_empty_or_no_regular_file_costs_nothing);
  tcase_add_test(tests, an_exchange_writes_both_files);
  tcase_add_test(tests, what_was_changed_after_its_own_fsync_is_written);
  tcase_add_test(tests, a_new_file_in_the_place_of_one_that_was_fsynced_is_written);
  tcase_add_test(tests, a_file_without_a_name_is_written_by_its_descriptor);
  tcase_add_test(tests, fcntl_locks_on_the_file_are_kept);
  tcase_add_test(tests, the_program_sees_no_child);
  tcase_add_test(tests, no_handler_runs_in_our_task);
  tcase_add_test(tests, who_takes_the_end_of_our_task_takes_nothing_from_us);
  EACH(a_file_that_cannot_be_written_gets_no_name, losses);
  tcase_add_loop_test(tests, without_a_task_the_filesystem_is_written_first, 0, 2);
  tcase_add_test(tests, a_full_descriptor_table_does_not_matter);
  tcase_add_test(tests, a_failed_call_changes_nothing);
  tcase_add_test(tests, a_stack_of_16_kib_is_enough_for_bytes);
  tcase_add_test(tests, the_child_of_vfork_writes_bytes);
  return tests;
}
