/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What qfsck says: errors, printable names, progress. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

const char *escape(char to[ESCAPED_BYTES], const char *text)
{
  char *end = to;

  for (; *text && end < to + ESCAPED_BYTES - 5; text++) {
    unsigned char c = *text;

    if (c > ' ' && c < 0x7f && c != '\\')
      *end++ = c;
    else
      end += sprintf(end, "\\x%02x", c);
  }
  *end = '\0';
  return to;
}

void unescape(char *text)
{
  char *to = text;
  unsigned c;

  while (*text) {
    if (sscanf(text, "\\x%2x", &c) == 1) {
      *to++ = (char) c;
      text += 4;
    } else {
      *to++ = *text++;
    }
  }
  *to = '\0';
}

static void vsay(const char *format, va_list arguments)
{
  end_progress();
  fflush(stdout);
  fputs("qfsck: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

void say(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  vsay(format, arguments);
  va_end(arguments);
}

void (*before_failing)(void);

void fail(const char *format, ...)
{
  void (*undo)(void) = before_failing;
  va_list arguments;

  va_start(arguments, format);
  vsay(format, arguments);
  va_end(arguments);
  before_failing = NULL;
  if (undo)
    undo();
  exit(CANNOT_WORK);
}

static const char *advice(int error)
{
  switch (error) {
    case EACCES: case EPERM:   return "  Run qfsck as root.";
    case ENOSPC: case EDQUOT:  return "  Make room and run qfsck again; nothing is lost.";
    case EIO: case EROFS:      return "  Look at the kernel's log: the disk may be failing.";
    case EMFILE: case ENFILE:  return "  Allow more open files (ulimit -n).";
    default:                   return "";
  }
}

void cannot(const char *verb, const char *path)
{
  int error = errno;
  char shown[ESCAPED_BYTES];

  fail("cannot %s %s: %s.%s", verb, escape(shown, path), strerror(error), advice(error));
}

void *grow(void *array, size_t count, size_t size)
{
  void *grown = reallocarray(array, count, size);

  if (!grown)
    fail("not enough memory: %zu bytes more are needed.", count * size);
  return grown;
}

char *copy_of(const char *text)
{
  return strcpy(grow(NULL, strlen(text) + 1, 1), text);
}

static bool bar_shown;

void show_progress(const char *what, size_t done, size_t all)
{
  static int percent_shown = -1;
  static const char bar[] = "##################################################";
  int percent = all ? (int) (100 * done / all) : 100;

  if (!isatty(STDERR_FILENO) || percent == percent_shown)
    return;
  percent_shown = percent;
  bar_shown = true;
  fprintf(stderr, "\r%-8s |%-50.*s| %3d %%", what, percent / 2, bar, percent);
}

void end_progress(void)
{
  if (bar_shown)
    fputs("\r\033[K", stderr);
  bar_shown = false;
}
