/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: getopt_long(3) with messages like all others. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "common/options.h"

void misuse(int status, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  vcomplain(format, arguments);
  va_end(arguments);
  complain("try '%s --help'", program_name);
  exit(status);
}

/* The long option that WORD spells, perhaps abbreviated, and that getopt_long has refused; NULL
 * if it was a letter. */
static const struct option *refused_name(const char *word, const struct option *names)
{
  if (strncmp(word, "--", 2) != 0)
    return NULL;
  for (; names->name; names++)
    if (names->val == optopt && strncmp(names->name, word + 2, strcspn(word + 2, "=")) == 0)
      return names;
  return NULL;
}

static _Noreturn void refuse_option(bool lacks_argument, const char *word,
                                    const struct option *names, int status)
{
  const struct option *name = refused_name(word, names);

  if (optopt == 0)
    misuse(status, "%.*s: no such option, or short for several", (int) strcspn(word, "="), word);
  if (name)
    misuse(status, "--%s: %s", name->name,
           lacks_argument ? "its argument is missing" : "takes no argument");
  misuse(status, "-%c: %s", optopt, lacks_argument ? "its argument is missing" : "no such option");
}

int next_option(int count, char **arguments, const char *letters, const struct option *names,
                int status)
{
  int result;

  opterr = 0;
  result = getopt_long(count, arguments, letters, names, NULL);
  if (result == '?' || result == ':')
    refuse_option(result == ':', arguments[optind - 1], names, status);
  return result;
}

void print_and_end(const char *text, int status)
{
  fputs(text, stdout);
  exit(output_was_written() ? EXIT_SUCCESS : status);
}
