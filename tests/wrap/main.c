/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the tests of the wrapped calls, as TAP.
 *
 * One program for each way to reach the library.  The preloaded one starts
 * itself again with LD_PRELOAD, and is linked with nothing of ours. */
#include <dlfcn.h>

#include "../common/suite.h"
#include "scene.h"

#ifdef PRELOADED
static void start_again_preloaded(char **argv)
{
  static const char library[] = BUILD_DIRECTORY "/.libs/libsyncdir.so";

  if (getenv("LD_PRELOAD"))
    return;
  setenv("LD_PRELOAD", library, 1);
  execv("/proc/self/exe", argv);
  fprintf(stderr, "/proc/self/exe: cannot be started again: %s\n", strerror(errno));
  exit(99);
}
#endif

int main(int argc, char **argv)
{
  const char *folder = getenv("TMPDIR");
  Suite *suite = suite_create(WAY);
  int result;

  (void) argc, (void) argv;
#ifdef PRELOADED
  start_again_preloaded(argv);
#endif
#ifndef ARCHIVED
  if (!dlsym(RTLD_DEFAULT, "syncdir_version")) {
    fprintf(stderr, "The library under test is not loaded.\n");
    return 99;
  }
#endif
  if (folder && chdir(folder) == -1) {
    fprintf(stderr, "%s: %s\n", folder, strerror(errno));
    return 99;
  }
  make_base();
  suite_add_tcase(suite, calls_case());
  suite_add_tcase(suite, opened_case());
  suite_add_tcase(suite, renamed_case());
  suite_add_tcase(suite, paths_case());
  suite_add_tcase(suite, refused_case());
  suite_add_tcase(suite, replaced_case());
  suite_add_tcase(suite, errors_case());
  suite_add_tcase(suite, bytes_case());
  suite_add_tcase(suite, types_case());
  suite_add_tcase(suite, process_case());
  result = run_suite(suite);
  remove_base();
  return result;
}
