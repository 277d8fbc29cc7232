/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir --check, apart from syncdir, whose start it would slow down: says whether,
 * and how, each argument would be protected; the installation, if there is none. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"
#include "command.h"
#include "judge.h"
#include "run.h"

enum verdict conclude(const struct report *report)
{
  static const char *const words[] = { "protected", "not protected", "cannot tell" };

  printf("%s: %s\n", report->subject, words[report->verdict]);
  return report->verdict;
}

static enum verdict check_command(const char *name, const char *path)
{
  struct report report = { name, SAFE };

  judge_program(&report, path);
  return conclude(&report);
}

static enum verdict check_installation(void)
{
  struct report report = { "syncdir", SAFE };

  judge_installation(&report);
  return conclude(&report);
}

static enum verdict check_one(const char *subject)
{
  struct report report = { subject, SAFE };
  char path[PATH_MAX];
  struct stat st;
  int error;

  if (*subject && strspn(subject, "0123456789") == strlen(subject))
    return check_process(subject);
  if (find_command(subject, path))
    return check_command(subject, path);
  error = errno;
  if (stat(subject, &st) == 0) {
    if (S_ISDIR(st.st_mode))
      return check_directory(subject);
    /* Not to be executed by us, but perhaps by others. */
    if (S_ISREG(st.st_mode))
      return check_command(subject, subject);
  }
  find(&report, CANNOT_TELL, "it is no command, file, process or directory: %s", strerror(error));
  return conclude(&report);
}

int main(int count, char **subjects)
{
  enum verdict verdict = SAFE;

  if (count < 2)
    verdict = check_installation();
  else
    while (*++subjects)
      verdict = worse(verdict, check_one(*subjects));
  /* A verdict that nobody can read is none. */
  if (fflush(stdout) == 0 && !ferror(stdout))
    return verdict;
  complain("standard output cannot be written");
  return REFUSED;
}
