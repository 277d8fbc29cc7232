/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the command given with --check. */
#include "user_check.h"
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "process.h"
#include "status.h"

static int memory_file(const char *name)
{
  int file = memfd_create(name, MFD_CLOEXEC);
  if (file == -1)
    err(FAILED, "cannot make a file in memory");
  return file;
}

static int marks_file(const struct recording *recording, size_t marks)
{
  int file = memory_file("marks");
  FILE *lines = fdopen(dup(file), "w");
  if (!lines)
    err(FAILED, "cannot hand the marks to the check");
  for (size_t i = 0; i < marks; i++)
    fprintf(lines, "%s\n", recording->marks[i].line);
  if (fclose(lines) != 0 || lseek(file, 0, SEEK_SET) == -1)
    err(FAILED, "cannot hand the marks to the check");
  return file;
}

static enum verdict verdict_of(int status)
{
  switch (status) {
    case 0: return AS_PROMISED;
    case 1: return LOST;
    case 3: return HALF_DONE;
    default: return WRONG;
  }
}

enum verdict ask_user_check(const char *command, const char *folder,
                            const struct recording *recording, size_t marks, char *difference)
{
  int input = marks_file(recording, marks), output = memory_file("output");
  if (setenv("POWERCUT_FS", recording->about.filesystem, 1) == -1
      || unsetenv("POWERCUT_MARKS") == -1)
    err(FAILED, "cannot set the environment of the check");
  int status = run_command(command, folder, input, output);
  ssize_t length = pread(output, difference, DIFFERENCE_SIZE - 1, 0);
  difference[length < 0 ? 0 : length] = '\0';
  difference[strcspn(difference, "\n")] = '\0';
  close(input);
  close(output);
  if (status == 126 || status == 127)
    errx(FAILED, "the check cannot be run: %s", difference);
  if (verdict_of(status) == WRONG && difference[0] == '\0')
    snprintf(difference, DIFFERENCE_SIZE, "the check said nothing and ended with status %d",
             status);
  return verdict_of(status);
}
