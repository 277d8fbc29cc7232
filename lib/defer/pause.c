/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library's own calls in the deferred mode: no signal comes between them, and they
 * are not dispatched. */
#include "defer/pause.h"
#include "defer/gate.h"

/* batch.c uses it, and so brings this object into a program with the archive, where the
 * functions are weak. */
volatile unsigned char call_selector;

#ifdef HAS_DISPATCH

#include <errno.h>

int defer_pause(struct pause *before)
{
  const sys_signals all = ~0ULL;
  long result = GATE(SYS_rt_sigprocmask, SIG_BLOCK, &all, &before->blocked, sizeof all);

  if (result != 0) {
    errno = -result;
    return -1;
  }
  before->calls = call_selector;
  call_selector = ALLOW;
  return 0;
}

void defer_go_on(const struct pause *before)
{
  call_selector = before->calls;
  GATE(SYS_rt_sigprocmask, SIG_SETMASK, &before->blocked, NULL, sizeof before->blocked);
}

#else

int defer_pause(struct pause *before)
{
  const sys_signals all = ~0ULL;

  return sys_block(&all, &before->blocked);
}

void defer_go_on(const struct pause *before)
{
  sys_set_blocked(&before->blocked);
}

#endif
