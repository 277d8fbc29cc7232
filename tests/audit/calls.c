/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The auditor knows a call by its number on each machine, also on those whose programs this
 * kernel does not run. */
#include <check.h>
#include <linux/audit.h>
#include <stdlib.h>

#include "audit/calls.h"
#include "../common/patience.h"
#include "../common/suite.h"

enum { X32 = 0x40000000 }; /* __X32_SYSCALL_BIT */

static const struct row {
  uint32_t arch;
  uint64_t number;
  const char *name; /* NULL: not watched */
} rows[] = {
  { AUDIT_ARCH_X86_64, 82, "rename" },
  { AUDIT_ARCH_X86_64, 0, NULL },
  { AUDIT_ARCH_X86_64, X32 | 82, "rename" },
  { AUDIT_ARCH_X86_64, X32 | 516, "writev" },
  { AUDIT_ARCH_X86_64, X32 | 316, "renameat2" },
  { AUDIT_ARCH_X86_64, X32 | 520, NULL },
  { AUDIT_ARCH_I386, 38, "rename" },
  { AUDIT_ARCH_I386, 102, "socketcall" },
  { AUDIT_ARCH_I386, 82, NULL },
  { AUDIT_ARCH_AARCH64, 38, "renameat" },
  { AUDIT_ARCH_AARCH64, 82, "fsync" },
  { AUDIT_ARCH_AARCH64, 100000, NULL },
};

START_TEST(a_call_is_known_by_its_number)
{
  const struct row *row = &rows[_i];
  const struct call *call = find_call(row->arch, row->number);

  ck_assert_int_eq(call != NULL, row->name != NULL);
  if (call)
    ck_assert_str_eq(call->name, row->name);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("calls");
  TCase *tests = tcase_create("numbers");

  tcase_set_timeout(tests, PATIENCE);
  tcase_add_loop_test(tests, a_call_is_known_by_its_number, 0, sizeof rows / sizeof *rows);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
