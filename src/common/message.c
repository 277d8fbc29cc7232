/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command says on standard error, and how it ends. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/escape.h"
#include "common/message.h"

void vcomplain(const char *format, va_list arguments)
{
  char *sentence = NULL, *escaped = NULL;
  int saved = errno;

  if (vasprintf(&sentence, format, arguments) == -1)
    sentence = NULL;
  if (sentence)
    escaped = escape(sentence);
  /* If there is no memory, print the format, which is our own text. */
  fflush(stdout);
  fprintf(stderr, "%s: %s\n", program_name, escaped ? escaped : format);
  free(escaped);
  free(sentence);
  errno = saved;
}

void complain(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  vcomplain(format, arguments);
  va_end(arguments);
}

void die(int status, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  vcomplain(format, arguments);
  va_end(arguments);
  exit(status);
}

bool output_was_written(void)
{
  bool lost = ferror(stdout);

  errno = 0;
  if (fflush(stdout) == 0 && !lost)
    return true;
  complain("standard output cannot be written%s%s", errno ? ": " : "",
           errno ? strerror(errno) : "");
  return false;
}
