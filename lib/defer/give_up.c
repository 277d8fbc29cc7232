/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a program whose changes cannot be made durable. */
#include "defer/give_up.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <errno.h>
#include <unistd.h>

#include "core/descriptor.h"
#include "core/text.h"

/* strerror(3) is not async-signal-safe. */
SELDOM static void add_reason(struct text *text, int error)
{
  switch (error) {
    case EIO: add_string(text, "Input/output error; the kernel's log says more"); break;
    case ENOSPC: add_string(text, "No space left on device; make room"); break;
    case EDQUOT: add_string(text, "Disk quota exceeded; make room"); break;
    case EROFS: add_string(text, "Read-only file system; the kernel's log says why"); break;
    default:
      add_string(text, "error ");
      add_number(text, error);
      add_string(text, " of errno(3)");
  }
}

SELDOM static void say(int directory, unsigned changes, int error)
{
  char buffer[USUAL_PATH + 512], path[USUAL_PATH];
  struct text text = empty_text(buffer, sizeof buffer);

  add_string(&text, "syncdir: ");
  if (path_of_descriptor(directory, path, sizeof path) != -1) {
    add_escaped(&text, path);
    add_string(&text, ": ");
  }
  add_number(&text, changes);
  add_string(&text, changes == 1 ? " deferred change" : " deferred changes");
  add_string(&text, " cannot be made durable: ");
  add_reason(&text, error);
  add_string(&text, ". The program is aborted, so that nobody takes them for done; "
                    "run it again once that is mended\n");
  sys_write(STDERR_FILENO, text.bytes, text.length);
}

/* Calls have returned 0 that are not durable, and nobody has been told: nobody must
 * be.  The client of a mail server takes an abort for what it is, and tries again. */
void give_up(int directory, unsigned changes, int error)
{
  const struct action standard = { 0 };
  const sys_signals none = 0;

  say(directory, changes, error);
  GATE(SYS_rt_sigaction, SIGABRT, &standard, NULL, sizeof standard.mask);
  GATE(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
  GATE(SYS_kill, sys_getpid(), SIGABRT);
  for (;;)
    GATE(SYS_exit_group, 134);
}

#endif
