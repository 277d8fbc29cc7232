/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stand-in for the library Check: runs each test in a process of its own. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { CASES_MAX = 16, TESTS_MAX = 64 };

struct tcase {
  const char *name;
  void (*setup)(void);
  unsigned int timeout;
  int count;
  struct {
    const char *name;
    test_function *function;
    int from, to;
  } tests[TESTS_MAX];
};

struct suite {
  int count;
  TCase *cases[CASES_MAX];
};

struct srunner {
  Suite *suite;
  int number;
};

/* Why the test failed: written by its process, read by ours. */
static char *reason;
enum { REASON_MAX = 64 * 1024 };

static void *allocated(size_t size)
{
  void *memory = calloc(1, size);

  if (!memory)
    abort();
  return memory;
}

Suite *suite_create(const char *name)
{
  (void) name;
  return allocated(sizeof(Suite));
}

void suite_add_tcase(Suite *suite, TCase *tests)
{
  if (suite->count == CASES_MAX)
    abort();
  suite->cases[suite->count++] = tests;
}

TCase *tcase_create(const char *name)
{
  TCase *tests = allocated(sizeof *tests);

  tests->name = name;
  return tests;
}

void tcase_add_checked_fixture(TCase *tests, void (*setup)(void), void (*teardown)(void))
{
  if (teardown)
    abort(); /* no test has one */
  tests->setup = setup;
}

void tcase_set_timeout(TCase *tests, double seconds)
{
  tests->timeout = seconds;
}

void add_test(TCase *tests, const char *name, test_function *function, int from, int to)
{
  if (tests->count == TESTS_MAX)
    abort();
  tests->tests[tests->count].name = name;
  tests->tests[tests->count].function = function;
  tests->tests[tests->count].from = from;
  tests->tests[tests->count++].to = to;
}

_Noreturn void fail_test(const char *file, int line, const char *format, ...)
{
  int length = snprintf(reason, REASON_MAX, "%s:%d: ", file, line);
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(reason + length, REASON_MAX - length, format, arguments);
  va_end(arguments);
  _exit(1);
}

/* In a process group of its own, so that nothing that it started outlives it. */
static int status_of(const TCase *tests, int which, int i)
{
  pid_t child;
  int status;

  fflush(stdout);
  *reason = '\0';
  child = fork();
  if (child == -1)
    abort();
  if (child == 0) {
    setpgid(0, 0);
    alarm(tests->timeout);
    tests->setup();
    tests->tests[which].function(i);
    _exit(0);
  }
  while (waitpid(child, &status, 0) == -1 && errno == EINTR)
    continue;
  kill(-child, SIGKILL);
  return status;
}

static void run(SRunner *runner, const TCase *tests, int which, int i)
{
  int status = status_of(tests, which, i);

  printf("%s %d - %s:%s", status == 0 ? "ok" : "not ok", ++runner->number, tests->name,
         tests->tests[which].name);
  if (WIFSIGNALED(status))
    printf(": ended by signal %d", WTERMSIG(status));
  printf("%s%s\n", *reason ? ": " : "", reason);
}

SRunner *srunner_create(Suite *suite)
{
  SRunner *runner = allocated(sizeof *runner);

  runner->suite = suite;
  return runner;
}

/* TAP on standard output is all that there is. */
void srunner_set_tap(SRunner *runner, const char *file)
{
  (void) runner;
  if (strcmp(file, "-") != 0)
    abort();
}

void srunner_run_all(SRunner *runner, enum print_output how)
{
  (void) how;
  reason = mmap(NULL, REASON_MAX, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (reason == MAP_FAILED)
    abort();
  for (int c = 0; c < runner->suite->count; c++) {
    const TCase *tests = runner->suite->cases[c];

    for (int t = 0; t < tests->count; t++)
      for (int i = tests->tests[t].from; i < tests->tests[t].to; i++)
        run(runner, tests, t, i);
  }
  printf("1..%d\n", runner->number);
}

void srunner_free(SRunner *runner)
{
  for (int c = 0; c < runner->suite->count; c++)
    free(runner->suite->cases[c]);
  free(runner->suite);
  free(runner);
}

const char *strerrorname_np(int error)
{
  static const struct {
    int error;
    const char *name;
  } names[] = {
#define NAMED(error) { error, #error }
    NAMED(EBADF),  NAMED(EDQUOT), NAMED(EINTR),   NAMED(EINVAL), NAMED(EIO),
    NAMED(ENOSPC), NAMED(ENOSYS), NAMED(ENOTSUP), NAMED(ENXIO),  NAMED(EPERM),
    NAMED(EROFS),  NAMED(ESTALE), NAMED(EUCLEAN),
#undef NAMED
  };

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].error == error)
      return names[i].name;
  return "?";
}
