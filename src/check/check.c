/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir --check: says whether, and how, each argument would be protected; without an
 * argument, whether the installation works.  It is a program of its own because its libraries
 * would slow down every start of syncdir. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "syncdir/command.h"
#include "common/message.h"
#include "common/options.h"
#include "syncdir/judge.h"
#include "syncdir/run.h"

const char program_name[] = "syncdir";

/* --deferred was given. */
static bool deferred;

static void check_file(struct report *report, const char *path)
{
  check_program(report, path);
  if (deferred)
    tell_program_deferred(report, path);
}

static void check_one(struct report *report, const char *subject)
{
  char path[PATH_MAX];
  struct stat st;
  int error;

  if (*subject && strspn(subject, "0123456789") == strlen(subject)) {
    check_process(report, subject);
    return;
  }
  if (find_command(subject, path)) {
    check_file(report, path);
    return;
  }
  error = errno;
  if (stat(subject, &st) == -1) {
    note(report, CANNOT_TELL, "no command, file, process or directory of that name: %s",
         strerror(error));
    return;
  }
  if (S_ISDIR(st.st_mode)) {
    check_directory(report, subject);
    if (deferred)
      tell_directory_deferred(report, subject);
  } else if (S_ISREG(st.st_mode))
    /* We may not execute it, but others may. */
    check_file(report, subject);
  else
    note(report, CANNOT_TELL, "neither a regular file nor a directory");
}

/* To find out what holds for another user, become that user. */
static void become(const char *name)
{
  const struct passwd *user;

  errno = 0;
  user = getpwnam(name);
  if (!user)
    die(REFUSED, "--user %s: %s", name, errno ? strerror(errno) : "no such user");
  if (user->pw_uid == geteuid())
    return;
  if (initgroups(name, user->pw_gid) == -1
      || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == -1
      || setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == -1)
    die(REFUSED, "--user %s: only root can ask for another user: %s", name, strerror(errno));
}

static const struct option names[] = {
  { "check", no_argument, NULL, 'c' },
  { "deferred", no_argument, NULL, 'd' },
  { "json", no_argument, NULL, 'j' },
  { "user", required_argument, NULL, 'u' },
  { NULL, 0, NULL, 0 },
};

int main(int count, char **arguments)
{
  enum form form = AS_TEXT;
  enum verdict verdict = SAFE;
  int option;

  while ((option = next_option(count, arguments, "+:q", names, REFUSED)) != -1)
    switch (option) {
      case 'd': deferred = true; break;
      case 'j': form = AS_JSON; break;
      case 'q': form = SILENT; break;
      case 'u': become(optarg); break;
      default: break;
    }
  arguments += optind;
  if (!*arguments) {
    struct report report = { .subject = "syncdir" };

    judge_installation(&report);
    verdict = conclude(&report, form);
  }
  for (; *arguments; arguments++) {
    struct report report = { .subject = *arguments };

    check_one(&report, *arguments);
    verdict = worse(verdict, conclude(&report, form));
  }
  /* A verdict that nobody can read is none. */
  return output_was_written() ? (int) verdict : REFUSED;
}
