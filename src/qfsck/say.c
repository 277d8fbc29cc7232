/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What qfsck says beside its report: errors, progress. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/escape.h"
#include "common/message.h"
#include "say.h"

void say(const char *format, ...)
{
  va_list arguments;

  end_progress();
  va_start(arguments, format);
  vcomplain(format, arguments);
  va_end(arguments);
}

void vtell(const char *format, va_list arguments)
{
  char *sentence = NULL, *escaped = NULL;

  end_progress();
  if (vasprintf(&sentence, format, arguments) != -1)
    escaped = escape(sentence);
  puts(escaped ? escaped : format);
  free(escaped);
  free(sentence);
}

void tell(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  vtell(format, arguments);
  va_end(arguments);
}

struct undo undo_before_failing;

void fail(const char *format, ...)
{
  struct undo undo = undo_before_failing;
  va_list arguments;

  end_progress();
  va_start(arguments, format);
  vcomplain(format, arguments);
  va_end(arguments);
  undo_before_failing = (struct undo) { .call = NULL };
  if (undo.call)
    undo.call(undo.argument);
  exit(CANNOT_WORK);
}

static const char *advice(int error)
{
  switch (error) {
    case EACCES: return "  Run qfsck as root.";
    case EPERM: return geteuid() == 0 ? "  Is it immutable (lsattr)?" : "  Run qfsck as root.";
    case ENOSPC:
    case EDQUOT: return "  Make room and run qfsck again; nothing is lost.";
    case EIO: return "  Look at the kernel's log: the disk may be failing.";
    case EROFS:
      return "  Mount it for writing, or look at the kernel's log for "
             "why it is not.";
    case EXDEV:
      return "  Is something mounted inside the queue, or does it lie in the "
             "lower layer of an overlay?";
    case EMFILE:
    case ENFILE: return "  Allow more open files (ulimit -n).";
    default: return "";
  }
}

void cannot(const char *verb, const char *path)
{
  int error = errno;

  fail("cannot %s %s: %s.%s", verb, path, strerror(error), advice(error));
}

static bool bar_shown;

void show_progress(const char *what, size_t done, size_t all)
{
  static int percent_shown = -1;
  static const char bar[] = "##################################################";
  int percent = all ? (int) (100 * done / all) : 100;

  end_if_stopped();
  if (percent == percent_shown || !isatty(STDERR_FILENO))
    return;
  percent_shown = percent;
  bar_shown = true;
  fprintf(stderr, "\r%-9s |%-50.*s| %3d %%", what, percent / 2, bar, percent);
}

void end_progress(void)
{
  if (bar_shown)
    fputs("\r\033[K", stderr);
  bar_shown = false;
}

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
  (void) signal;
  stopped = 1;
}

void catch_signals(void)
{
  static const int signals[] = { SIGHUP, SIGINT, SIGTERM };

  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    sigaction(signals[i], &(struct sigaction) { .sa_handler = stop }, NULL);
  /* A failed write is reported like any other error. */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

const char *if_stopped = "nothing was changed.";

void end_if_stopped(void)
{
  if (stopped)
    fail("stopped; %s", if_stopped);
}
