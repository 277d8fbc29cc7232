/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How every program of Check ends. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>

/* Runs SUITE as TAP on standard output and frees it.  Returns 0: the lines say what
 * failed. */
static inline int run_suite(Suite *suite)
{
  SRunner *runner = srunner_create(suite);

  srunner_set_tap(runner, "-");
  srunner_run_all(runner, CK_SILENT);
  srunner_free(runner);
  return 0;
}

#endif
