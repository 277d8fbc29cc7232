/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What takes the place of libc's own functions does what those do. */
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>

#include "scene.h"
#include "seccomp.h"

static void fill(const char *path)
{
  int fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY);

  ck_assert(write(fd, "text", 4) == 4 && close(fd) == 0);
}

static off_t size_of(const char *path)
{
  struct stat st;

  ck_assert(stat(path, &st) == 0);
  return st.st_size;
}

static bool is_symlink(const char *path)
{
  struct stat st;

  return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static bool is_device(const char *path, dev_t device)
{
  struct stat st;

  return lstat(path, &st) == 0 && st.st_rdev == device;
}

START_TEST(what_truncates_leaves_nothing_of_the_file)
{
  LAY_OUT("f");
#define TRUNCATES(call)                \
  do {                                 \
    fill("f");                         \
    ck_assert(call);                   \
    ck_assert_int_eq(size_of("f"), 0); \
  } while (0)
  TRUNCATES(CALL(creat)("f", 0600) != -1);
  TRUNCATES(CALL(creat64)("f", 0600) != -1);
  TRUNCATES(CALL(open)("f", O_CREAT | O_TRUNC | O_WRONLY, 0600) != -1);
  TRUNCATES(CALL(fopen)("f", "w"));
  TRUNCATES(CALL(fopen)("f", "w+"));
  TRUNCATES(CALL(fopen64)("f", "w"));
#undef TRUNCATES
}
END_TEST

START_TEST(what_does_not_truncate_leaves_it)
{
  static const char *const modes[] = { "r", "r+", "a", "a+" };

  LAY_OUT("f");
  fill("f");
  ck_assert(CALL(open)("f", O_CREAT | O_WRONLY, 0600) != -1);
  for (int i = 0; i < COUNT(modes); i++)
    ck_assert_ptr_nonnull(CALL(fopen)("f", modes[i]));
  ck_assert_int_eq(size_of("f"), 4);
}
END_TEST

START_TEST(a_stream_reads_and_writes_what_its_mode_says)
{
  FILE *stream;

  LAY_OUT("f");
  fill("f");
  stream = CALL(fopen)("f", "r");
  ck_assert(getc(stream) == 't' && putc('x', stream) == EOF);
  stream = CALL(fopen)("f", "r+");
  ck_assert(getc(stream) == 't' && fseek(stream, 0, SEEK_SET) == 0 && putc('T', stream) == 'T');
  ck_assert_int_eq(fclose(stream), 0);
  stream = CALL(fopen)("f", "a+");
  ck_assert_int_eq(getc(stream), 'T');
  ck_assert(fseek(stream, 0, SEEK_CUR) == 0);
  ck_assert(fputs("more", stream) >= 0 && fseek(stream, 0, SEEK_SET) == 0);
  ck_assert_int_eq(getc(stream), 'T');
  ck_assert_int_eq(size_of("f"), 8);
  stream = CALL(fopen)("f", "w");
  ck_assert_int_eq(getc(stream), EOF);
}
END_TEST

START_TEST(a_mode_that_is_none_opens_nothing)
{
  LAY_OUT("d/");
  ck_assert(!CALL(fopen)("d/f", "q") && errno == EINVAL);
  ck_assert(!CALL(fopen)("d/f", "") && errno == EINVAL);
  ck_assert(!exists("d/f"));
}
END_TEST

START_TEST(the_letter_e_closes_the_stream_on_exec)
{
  ck_assert_int_eq(fcntl(fileno(CALL(fopen)("f", "w")), F_GETFD), 0);
  ck_assert_int_eq(fcntl(fileno(CALL(fopen)("f", "we")), F_GETFD), FD_CLOEXEC);
  ck_assert_int_eq(fcntl(fileno(CALL(fopen)("f", "r+e")), F_GETFD), FD_CLOEXEC);
}
END_TEST

/* Of memory, besides what the process has. */
static void allow_only(rlim_t bytes)
{
  unsigned long pages;
  struct rlimit limit;
  FILE *statm = fopen("/proc/self/statm", "r");

  ck_assert(fscanf(statm, "%lu", &pages) == 1 && fclose(statm) == 0);
  ck_assert(getrlimit(RLIMIT_AS, &limit) == 0);
  limit.rlim_cur = pages * sysconf(_SC_PAGESIZE) + bytes;
  ck_assert(setrlimit(RLIMIT_AS, &limit) == 0);
}

START_TEST(fopen_without_memory_leaves_no_descriptor)
{
  int before = open_descriptors();
  FILE *stream;

  allow_only(0);
  for (size_t size = 4096; size >= 16; size -= 16)
    while (malloc(size))
      continue;
  stream = CALL(fopen)("f", "w");
  setrlimit(RLIMIT_AS, &(struct rlimit) { RLIM_INFINITY, RLIM_INFINITY });
  ck_assert_ptr_null(stream);
  ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* A stream takes some 500 bytes: if it is kept, there is no room for all. */
enum { STREAMS = 2000, ROOM = 512 << 10 };

START_TEST(fopen_of_what_is_not_there_leaves_no_memory)
{
  allow_only(ROOM);
  for (int i = 0; i < STREAMS; i++)
    ck_assert(!CALL(fopen)("nothing", "r,ccs=UTF-8") && errno == ENOENT);
}
END_TEST

START_TEST(fopen_whose_flush_fails_leaves_no_memory)
{
  if (row() == IN_MEMORY)
    return;
  refuse(SYS_fsync, EIO);
  refuse(SYS_syncfs, EIO);
  allow_only(ROOM);
  for (int i = 0; i < STREAMS; i++)
    ck_assert(!CALL(fopen)("f", "w") && errno == EIO);
}
END_TEST

START_TEST(a_temporary_file_is_another_one_each_time_and_its_owners_alone)
{
  char one[] = "XXXXXX", other[] = "XXXXXX", third[] = "XXXXXX", flagged[] = "XXXXXX.eml";
  struct stat st;
  int fd;

  umask(0);
  fd = CALL(mkstemp)(one);
  ck_assert(fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0600);
  ck_assert_int_eq(fcntl(fd, F_GETFD), 0);
  ck_assert(write(fd, "text", 4) == 4 && pread(fd, &st, 4, 0) == 4);
  ck_assert(CALL(mkstemp)(other) != -1 && strcmp(one, other) != 0);
  ck_assert(strspn(one, (char[]) { *one, '\0' }) < 6); /* not one letter six times */
  fd = CALL(mkostemp)(third, O_WRONLY | O_CLOEXEC);
  ck_assert((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR && fcntl(fd, F_GETFD) == FD_CLOEXEC);
  fd = CALL(mkostemps)(flagged, 4, O_CLOEXEC | O_APPEND);
  ck_assert(fcntl(fd, F_GETFD) == FD_CLOEXEC && (fcntl(fd, F_GETFL) & O_APPEND));
  ck_assert(exists(flagged) && strcmp(flagged + 6, ".eml") == 0);
}
END_TEST

START_TEST(a_template_without_six_places_is_refused)
{
  static const char *const none[] = { "", "XXXXX", "xXXXXX", "XXXXXXy" };

  for (int i = 0; i < COUNT(none); i++) {
    char file[16], directory[16];

    strcpy(file, none[i]);
    strcpy(directory, none[i]);
    ck_assert(CALL(mkstemp)(file) == -1 && errno == EINVAL);
    ck_assert(!CALL(mkdtemp)(directory) && errno == EINVAL);
  }
  ck_assert(CALL(mkstemps)((char[]) { "XXXXXX" }, -1) == -1 && errno == EINVAL);
  ck_assert(CALL(mkstemps)((char[]) { "XXXXXX" }, 1) == -1 && errno == EINVAL);
}
END_TEST

START_TEST(remove_takes_files_and_empty_directories)
{
  LAY_OUT("f", "d/", "full/", "full/f");
  ck_assert(CALL(remove)("f") == 0 && CALL(remove)("d") == 0);
  ck_assert(!exists("f") && !exists("d"));
  ck_assert(CALL(remove)("full") == -1 && errno == ENOTEMPTY);
  ck_assert(CALL(remove)("f") == -1 && errno == ENOENT);
}
END_TEST

START_TEST(remove_says_why_a_file_could_not_be_removed)
{
  LAY_OUT("f", "g");
  /* The kernel knows that g is no directory before it knows that it is busy. */
  if (unshare(CLONE_NEWNS) == -1 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1
      || mount("f", "g", NULL, MS_BIND, NULL) == -1)
    return;
  ck_assert_int_eq(CALL(remove)("g"), -1);
  ck_assert_int_eq(errno, EBUSY);
}
END_TEST

START_TEST(a_link_to_a_symlink_is_another_name_of_the_symlink)
{
  LAY_OUT("l>nowhere", "f", "k>f");
  ck_assert(CALL(link)("l", "m") == 0 && CALL(linkat)(AT_FDCWD, "l", AT_FDCWD, "n", 0) == 0);
  ck_assert(CALL(link)("k", "o") == 0);
  ck_assert(is_symlink("m") && is_symlink("n") && is_symlink("o"));
}
END_TEST

START_TEST(a_device_has_the_number_that_was_asked_for)
{
  dev_t device = makedev(259, 70000); /* both are larger than a byte */

  if (CALL(mknod)("n", S_IFCHR | 0600, device) == -1 && errno == EPERM)
    return; /* a plain user may not */
  ck_assert(is_device("n", device));
  ck_assert(CALL(mknodat)(AT_FDCWD, "m", S_IFCHR | 0600, device) == 0 && is_device("m", device));
#ifndef BY_NAME
  ck_assert(__xmknod(0, "o", S_IFCHR | 0600, &device) == 0 && is_device("o", device));
  ck_assert(__xmknodat(0, AT_FDCWD, "p", S_IFCHR | 0600, &device) == 0 && is_device("p", device));
#endif
}
END_TEST

#ifdef ARCHIVED
START_TEST(a_directory_is_removed_without_an_errno)
{
  LAY_OUT("d/");
  errno = 0;
  ck_assert(CALL(remove)("d") == 0 && errno == 0);
}
END_TEST
#endif

#ifdef __GLIBC__
START_TEST(a_device_number_that_the_kernel_has_no_room_for_is_refused)
{
  dev_t large = (dev_t) 1 << 45;

  ck_assert(CALL(mknod)("n", S_IFCHR | 0600, large) == -1 && errno == EINVAL);
  ck_assert(CALL(mknodat)(AT_FDCWD, "n", S_IFCHR | 0600, large) == -1 && errno == EINVAL);
#ifndef BY_NAME
  ck_assert(__xmknod(2, "n", S_IFIFO | 0600, &(dev_t) { 0 }) == -1 && errno == EINVAL);
  ck_assert(__xmknodat(2, AT_FDCWD, "n", S_IFIFO | 0600, &(dev_t) { 0 }) == -1 && errno == EINVAL);
#endif
  ck_assert(!exists("n"));
}
END_TEST
#else
START_TEST(a_device_number_that_the_kernel_has_no_room_for_is_cut)
{
  dev_t large = ((dev_t) 1 << 45) + makedev(1, 3);

  if (CALL(mknod)("n", S_IFCHR | 0600, large) == -1 && errno == EPERM)
    return; /* a plain user may not */
  ck_assert(is_device("n", makedev(1, 3)));
  ck_assert(CALL(mknodat)(AT_FDCWD, "m", S_IFCHR | 0600, large) == 0);
  ck_assert(is_device("m", makedev(1, 3)));
}
END_TEST
#endif

#ifdef ARCHIVED
START_TEST(names_by_chance_are_many_and_of_all_letters)
{
  int lower = 0, upper = 0, digits = 0;

  for (int i = 0; i < 300; i++) {
    char name[] = "XXXXXX";
    int fd = CALL(mkstemp)(name);

    ck_assert(fd != -1 && close(fd) == 0);
    for (int j = 0; j < 6; j++) {
      lower += name[j] >= 'a' && name[j] <= 'z';
      upper += name[j] >= 'A' && name[j] <= 'Z';
      digits += name[j] >= '0' && name[j] <= '9';
    }
  }
  ck_assert(lower > 0 && upper > 0 && digits > 0 && lower + upper + digits == 1800);
}
END_TEST

START_TEST(without_getrandom_names_differ_all_the_same)
{
  char one[] = "XXXXXX", other[] = "XXXXXX", third[] = "XXXXXX";

  refuse(SYS_getrandom, ENOSYS);
  errno = 77;
  ck_assert(CALL(mkstemp)(one) != -1 && CALL(mkstemp)(other) != -1 && CALL(mkdtemp)(third));
  ck_assert_int_eq(errno, 77);
}
END_TEST

/* Which of the two it is depends on the port; a program has the right one. */
START_TEST(both_versions_of_a_device_number_are_taken)
{
  ck_assert(__xmknod(0, "m", S_IFIFO | 0600, &(dev_t) { 0 }) == 0);
  ck_assert(__xmknod(1, "n", S_IFIFO | 0600, &(dev_t) { 0 }) == 0);
}
END_TEST
#endif

TCase *replaced_case(void)
{
  TCase *tests = new_case("replaced");

  tcase_add_test(tests, what_truncates_leaves_nothing_of_the_file);
  tcase_add_test(tests, what_does_not_truncate_leaves_it);
  tcase_add_test(tests, a_stream_reads_and_writes_what_its_mode_says);
  tcase_add_test(tests, a_mode_that_is_none_opens_nothing);
  tcase_add_test(tests, the_letter_e_closes_the_stream_on_exec);
  tcase_add_test(tests, fopen_without_memory_leaves_no_descriptor);
  tcase_add_test(tests, fopen_of_what_is_not_there_leaves_no_memory);
  tcase_add_test(tests, fopen_whose_flush_fails_leaves_no_memory);
  tcase_add_test(tests, a_temporary_file_is_another_one_each_time_and_its_owners_alone);
  tcase_add_test(tests, a_template_without_six_places_is_refused);
  tcase_add_test(tests, remove_takes_files_and_empty_directories);
  tcase_add_test(tests, remove_says_why_a_file_could_not_be_removed);
  tcase_add_test(tests, a_link_to_a_symlink_is_another_name_of_the_symlink);
  tcase_add_test(tests, a_device_has_the_number_that_was_asked_for);
#ifdef __GLIBC__
  tcase_add_test(tests, a_device_number_that_the_kernel_has_no_room_for_is_refused);
#else
  tcase_add_test(tests, a_device_number_that_the_kernel_has_no_room_for_is_cut);
#endif
#ifdef ARCHIVED
  tcase_add_test(tests, a_directory_is_removed_without_an_errno);
  tcase_add_test(tests, names_by_chance_are_many_and_of_all_letters);
  tcase_add_test(tests, without_getrandom_names_differ_all_the_same);
  tcase_add_test(tests, both_versions_of_a_device_number_are_taken);
#endif
  return tests;
}
