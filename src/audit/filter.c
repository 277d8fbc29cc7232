/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seccomp filter that stops a program at the calls of calls.h, and at no others. */
#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/capability.h>

#include "calls.h"
#include "filter.h"

bool rights_are_lost(void)
{
  cap_t ours = cap_get_proc();
  cap_flag_value_t value = CAP_CLEAR;

  if (ours) {
    cap_get_flag(ours, CAP_SYS_ADMIN, CAP_EFFECTIVE, &value);
    cap_free(ours);
  }
  return value != CAP_SET;
}

/* The machines whose programs can run beside ours. */
static int add_machines(scmp_filter_ctx filter)
{
  static const uint32_t kin[][2] = {
    { SCMP_ARCH_X86_64, SCMP_ARCH_X86 },  { SCMP_ARCH_X86_64, SCMP_ARCH_X32 },
    { SCMP_ARCH_AARCH64, SCMP_ARCH_ARM }, { SCMP_ARCH_S390X, SCMP_ARCH_S390 },
    { SCMP_ARCH_PPC64, SCMP_ARCH_PPC },
  };
  int error = 0;

  for (size_t i = 0; i < sizeof kin / sizeof *kin && error == 0; i++)
    if (kin[i][0] == seccomp_arch_native())
      error = seccomp_arch_add(filter, kin[i][1]);
  return error;
}

static int add_call(scmp_filter_ctx filter, const struct call *call)
{
  struct scmp_arg_cmp tests[MOST_TESTS];
  int number = seccomp_syscall_resolve_name(call->name), error;
  unsigned count = 0;

  /* libseccomp has never heard of it: no machine that it knows has it. */
  if (number == __NR_SCMP_ERROR)
    return 0;
  for (; count < MOST_TESTS && call->tests[count].mask; count++)
    tests[count] = SCMP_CMP((unsigned) call->tests[count].argument, SCMP_CMP_MASKED_EQ,
                            call->tests[count].mask, call->tests[count].value);
  error = seccomp_rule_add_array(filter, SCMP_ACT_TRACE(OUR_FILTER), number, count, tests);
  /* Another machine's, and none of these here has it. */
  return error == -EDOM ? 0 : error;
}

bool load_filter(void)
{
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  int error;

  if (!filter) {
    errno = ENOMEM;
    return false;
  }
  error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, rights_are_lost());
  /* What no machine here is, is let pass: the kernel answers it. */
  if (error == 0)
    error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
  if (error == 0)
    error = add_machines(filter);
  for (const struct call *call = calls; call->name && error == 0; call++)
    error = add_call(filter, call);
  /* A binary tree: a call of no interest passes a handful of comparisons, not all. */
  if (error == 0)
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  if (error == 0)
    error = seccomp_load(filter);
  seccomp_release(filter);
  errno = -error;
  return error == 0;
}
