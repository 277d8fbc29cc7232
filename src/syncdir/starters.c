/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs whose business is to start another one. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/path.h"
#include "starters.h"

static const struct {
  const char *name;
  enum starter kind;
  /* clang-format off */
} starters[] = {
  { "env", IS_ENV },
  /* sudo -E and su -m keep most of the environment, but not LD_*. */
  { "sudo", CLEARS_ENVIRONMENT }, { "sudoedit", CLEARS_ENVIRONMENT },
  { "su", CLEARS_ENVIRONMENT }, { "doas", CLEARS_ENVIRONMENT },
  { "pkexec", CLEARS_ENVIRONMENT }, { "run0", CLEARS_ENVIRONMENT },
  { "login", CLEARS_ENVIRONMENT }, { "ssh", CLEARS_ENVIRONMENT },
  { "newgrp", CLEARS_ENVIRONMENT }, { "sg", CLEARS_ENVIRONMENT },
  { "systemd-run", CLEARS_ENVIRONMENT }, { "machinectl", CLEARS_ENVIRONMENT },
  { "systemd-nspawn", CLEARS_ENVIRONMENT }, { "docker", CLEARS_ENVIRONMENT },
  { "podman", CLEARS_ENVIRONMENT }, { "at", CLEARS_ENVIRONMENT },
  { "batch", CLEARS_ENVIRONMENT }, { "cron", CLEARS_ENVIRONMENT },
  { "schroot", CLEARS_ENVIRONMENT },

  /* import_environment of Dovecot and of Postfix, keep_environment of Exim. */
  { "dovecot", KEEPS_WHAT_IS_LISTED }, { "doveconf", KEEPS_WHAT_IS_LISTED },
  { "doveadm", KEEPS_WHAT_IS_LISTED }, { "dsync", KEEPS_WHAT_IS_LISTED },
  { "dovecot-lda", KEEPS_WHAT_IS_LISTED },
  { "postfix", KEEPS_WHAT_IS_LISTED }, { "postmulti", KEEPS_WHAT_IS_LISTED },
  { "master", KEEPS_WHAT_IS_LISTED }, { "exim", KEEPS_WHAT_IS_LISTED },
  { "exim4", KEEPS_WHAT_IS_LISTED },

  { "arch", STARTS_ANOTHER }, { "linux32", STARTS_ANOTHER }, { "linux64", STARTS_ANOTHER },
  { "busybox", STARTS_ANOTHER }, { "chpst", STARTS_ANOTHER }, { "chroot", STARTS_ANOTHER },
  { "choom", STARTS_ANOTHER }, { "chrt", STARTS_ANOTHER }, { "command", STARTS_ANOTHER },
  { "condredirect", STARTS_ANOTHER }, { "cpulimit", STARTS_ANOTHER },
  { "daemon", STARTS_ANOTHER }, { "dbus-run-session", STARTS_ANOTHER },
  { "eatmydata", STARTS_ANOTHER }, { "envdir", STARTS_ANOTHER },
  { "envuidgid", STARTS_ANOTHER }, { "except", STARTS_ANOTHER },
  { "fakechroot", STARTS_ANOTHER }, { "fakeroot", STARTS_ANOTHER },
  { "faketime", STARTS_ANOTHER }, { "fghack", STARTS_ANOTHER }, { "find", STARTS_ANOTHER },
  { "flock", STARTS_ANOTHER }, { "forward", STARTS_ANOTHER }, { "gdb", STARTS_ANOTHER },
  { "inetd", STARTS_ANOTHER }, { "ionice", STARTS_ANOTHER }, { "ltrace", STARTS_ANOTHER },
  { "multilog", STARTS_ANOTHER }, { "nice", STARTS_ANOTHER }, { "nohup", STARTS_ANOTHER },
  { "nsenter", STARTS_ANOTHER }, { "numactl", STARTS_ANOTHER },
  { "parallel", STARTS_ANOTHER }, { "pgrphack", STARTS_ANOTHER },
  { "preline", STARTS_ANOTHER }, { "prlimit", STARTS_ANOTHER },
  { "qmail-start", STARTS_ANOTHER }, { "qmail-smtpd", STARTS_ANOTHER },
  { "qreceipt", STARTS_ANOTHER }, { "readproctitle", STARTS_ANOTHER },
  { "runit", STARTS_ANOTHER }, { "runsv", STARTS_ANOTHER }, { "runsvdir", STARTS_ANOTHER },
  { "runuser", STARTS_ANOTHER }, { "rsync", STARTS_ANOTHER }, { "script", STARTS_ANOTHER },
  { "setarch", STARTS_ANOTHER }, { "setlock", STARTS_ANOTHER },
  { "setpriv", STARTS_ANOTHER }, { "setsid", STARTS_ANOTHER },
  { "setuidgid", STARTS_ANOTHER }, { "softlimit", STARTS_ANOTHER },
  { "splogger", STARTS_ANOTHER }, { "sslserver", STARTS_ANOTHER },
  { "start-stop-daemon", STARTS_ANOTHER }, { "stdbuf", STARTS_ANOTHER },
  { "strace", STARTS_ANOTHER }, { "supervise", STARTS_ANOTHER },
  { "svscan", STARTS_ANOTHER }, { "svscanboot", STARTS_ANOTHER },
  { "taskset", STARTS_ANOTHER }, { "tcpserver", STARTS_ANOTHER },
  { "time", STARTS_ANOTHER }, { "timeout", STARTS_ANOTHER },
  { "uclampset", STARTS_ANOTHER }, { "unbuffer", STARTS_ANOTHER },
  { "unshare", STARTS_ANOTHER }, { "valgrind", STARTS_ANOTHER },
  { "watch", STARTS_ANOTHER }, { "xargs", STARTS_ANOTHER }, { "xinetd", STARTS_ANOTHER },
};
/* clang-format on */

static enum starter kind_of(const char *path)
{
  for (size_t i = 0; i < sizeof starters / sizeof *starters; i++)
    if (strcmp(last_component(path), starters[i].name) == 0)
      return starters[i].kind;
  return NO_STARTER;
}

enum starter starter_kind(const char *path)
{
  char real[PATH_MAX];
  enum starter kind = kind_of(path);

  /* deliver, a link to dovecot-lda; but not each applet of busybox. */
  if (kind == NO_STARTER && realpath(path, real) && strcmp(last_component(real), "busybox") != 0)
    kind = kind_of(real);
  return kind;
}

/* Options of GNU's and busybox's env that do not concern the environment, and whether a word
 * follows that belongs to them. */
static bool is_other_option(const char *word, bool *takes_word)
{
  *takes_word = strcmp(word, "-C") == 0 || strcmp(word, "--chdir") == 0;
  return *takes_word || strncmp(word, "-C", 2) == 0 || strncmp(word, "--chdir=", 8) == 0
      || strcmp(word, "-v") == 0 || strcmp(word, "--debug") == 0
      || strncmp(word, "--default-signal", 16) == 0 || strncmp(word, "--ignore-signal", 15) == 0
      || strncmp(word, "--block-signal", 14) == 0 || strcmp(word, "--list-signal-handling") == 0;
}

static bool clears(const char *word)
{
  return strcmp(word, "-") == 0 || strcmp(word, "-i") == 0
      || strcmp(word, "--ignore-environment") == 0 || strcmp(word, "-iS") == 0;
}

static void split_line(const char *line, const char *const *behind, struct env_command *command);

/* -u NAME, in each of its forms; how many words it takes, 0 if WORDS begin otherwise. */
static int unset_words(const char *const *words, const char **name)
{
  if (strcmp(words[0], "-u") == 0 || strcmp(words[0], "--unset") == 0) {
    *name = words[1];
    return words[1] ? 2 : 1;
  }
  *name = strncmp(words[0], "-u", 2) == 0       ? words[0] + 2
        : strncmp(words[0], "--unset=", 8) == 0 ? words[0] + 8
                                                : NULL;
  return *name ? 1 : 0;
}

/* NAME=VALUE before the program. */
static void read_assignment(const char *word, struct env_command *command, bool *moved)
{
  if (strncmp(word, "LD_PRELOAD=", 11) == 0)
    command->what = ENV_CLEARS;
  else if (strcmp(word, "SYNCDIR=off") == 0)
    command->what = ENV_SWITCHES_OFF;
  else if (strncmp(word, "LD_", 3) == 0 && command->what == ENV_STARTS)
    command->what = ENV_SETS_LOADER;
  *moved |= strncmp(word, "PATH=", 5) == 0;
}

/* The assignments, and the program.  MOVED: env changes the working directory, so a name may
 * lead elsewhere than it does for us. */
static void read_rest(const char *const *words, bool moved, struct env_command *command)
{
  bool other_path = false;

  command->what = ENV_STARTS;
  for (; *words && strchr(*words, '='); words++)
    read_assignment(*words, command, &other_path);
  if (command->what != ENV_STARTS)
    return;
  if (!*words)
    command->what = ENV_PRINTS;
  else if (strchr(*words, '/') ? moved && **words != '/' : moved || other_path)
    command->what = ENV_UNKNOWN;
  else
    snprintf(command->program, sizeof command->program, "%s", *words);
}

void read_env(const char *const *words, struct env_command *command)
{
  const char *unset;
  bool takes_word, moved = false;
  int count;

  memset(command, 0, sizeof *command);
  command->what = ENV_UNKNOWN;
  for (; words && *words && **words == '-'; words++) {
    if (strcmp(*words, "--") == 0) {
      words++;
      break;
    }
    if (clears(*words)) {
      command->what = ENV_CLEARS;
      return;
    }
    if ((count = unset_words(words, &unset)) > 0) {
      if (unset && strcmp(unset, "LD_PRELOAD") == 0) {
        command->what = ENV_CLEARS;
        return;
      }
      moved |= unset && strcmp(unset, "PATH") == 0;
      words += count - 1;
    } else if (strcmp(*words, "-S") == 0 || strcmp(*words, "-vS") == 0) {
      if (words[1])
        split_line(words[1], words + 2, command);
      return;
    } else if (strncmp(*words, "-S", 2) == 0 || strncmp(*words, "--split-string=", 15) == 0) {
      split_line(*words + (words[0][1] == 'S' ? 2 : 15), words + 1, command);
      return;
    } else if (is_other_option(*words, &takes_word)) {
      moved |= strncmp(*words, "-C", 2) == 0 || strncmp(*words, "--chdir", 7) == 0;
      words += takes_word && words[1];
    } else {
      return;
    }
  }
  if (words)
    read_rest(words, moved, command);
}

/* -S: the words in LINE, separated by blanks, and then the words BEHIND it.  A line with
 * quotes, escapes or variables is not read. */
static void split_line(const char *line, const char *const *behind, struct env_command *command)
{
  enum { WORDS_MAX = 64 };
  const char *words[WORDS_MAX + 1];
  char *copy = strdup(line), *rest = copy;
  int count = 0;

  if (copy && !strpbrk(line, "'\"\\$#")) {
    for (char *word; count < WORDS_MAX && (word = strsep(&rest, " \t\n\v\f\r"));)
      if (*word)
        words[count++] = word;
    while (count < WORDS_MAX && behind && *behind)
      words[count++] = *behind++;
    words[count] = NULL;
    if (count < WORDS_MAX)
      read_env(words, command);
  }
  free(copy);
}

void read_env_line(const char *argument, struct env_command *command)
{
  const char *const words[] = { *argument ? argument : NULL, NULL };

  read_env(words, command);
}
