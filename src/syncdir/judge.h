/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a program would be protected. */
#ifndef SYNCDIR_JUDGE_H
#define SYNCDIR_JUDGE_H

#include <stdbool.h>

#include "elf/object.h"
#include "report.h"

/* What was found out about a program in order to judge it. */
struct judged {
  char program[PATH_MAX]; /* the binary that runs in the end; "" if it was not found */
  struct object object;
  bool secure; /* the kernel starts it in secure mode */
  bool linked; /* it has the library inside, linked or from the archive */
  /* It must be preloaded by the library's bare name: it is set-id, and the library is
   * installed for that. */
  bool bare;
};

/* Finds out about the installed library and the settings: enough for every program
 * that can be preloaded.  True if the library can be used. */
bool judge_installation(struct report *report);

/* Finds out about the file PATH, were this process to execute it, with the arguments
 * WORDS (NULL: they are not known), with the library preloaded. */
void judge_program(struct report *report, const char *path, const char *const *words,
                   struct judged *judged);

/* Finds out whether the program FILE, which a process runs under the name SHOWN, has the
 * library inside; false as well if that cannot be known. */
bool is_linked(struct report *report, const char *file, const char *shown);

#endif
