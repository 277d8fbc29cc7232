/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes each mark with one write(2), by raw system calls: nothing here goes
 * through the library under test.  Within a batch the tracer writes them. */
#include <err.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "marks.h"
#include "traced.h"

enum { NO_MARKS = -1, LONGEST = 4000 };
static int marks = NO_MARKS;

/* Whether a batch is under way, and the last call in it that began. */
static bool in_batch;
static char call_in_batch[LONGEST];

void open_marks(void)
{
  const char *path = getenv("POWERCUT_MARKS");

  if (!path)
    return;
  marks = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
  if (marks == -1)
    err(2, "POWERCUT_MARKS: %s cannot be opened", path);
}

void write_mark(const char *text, size_t length)
{
  if (syscall(SYS_write, marks, text, length) != (long) length)
    err(2, "the mark \"%.*s\" was not taken", (int) length - 1, text);
}

__attribute__((format(printf, 1, 2))) static void mark(const char *format, ...)
{
  char text[LONGEST];
  va_list arguments;
  int length;

  if (marks == NO_MARKS)
    return;
  va_start(arguments, format);
  length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length >= LONGEST)
    errx(2, "the mark \"%s...\" is too long", text);
  if (in_batch)
    mark_unseen(text);
  else
    write_mark(text, length);
}

void begins(const char *tree, const char *format, ...)
{
  char text[LONGEST];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (in_batch)
    memcpy(call_in_batch, text, sizeof text);
  else
    mark("begins %s %s\n", tree, text);
}

void returned(const char *tree)
{
  if (in_batch)
    mark("within %s %s\n", tree, call_in_batch);
  else
    mark("returned %s\n", tree);
}

void begin_batch(const char *tree, const char *text)
{
  begins(tree, "%s", text);
  in_batch = true;
}

void end_batch(const char *tree)
{
  in_batch = false;
  returned(tree);
}

void fsynced(const char *tree, const char *path)
{
  if (*path == '/')
    mark("fsynced %s %s\n", tree, path);
  else
    mark("fsynced %s %s/%s\n", tree, tree, path);
}
