/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command with durable directories. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "command.h"
#include "judge.h"
#include "library.h"
#include "run.h"
#include "settings.h"
#include "summary.h"

/* Only if it cannot be done does this return: with the exit status. */
static int execute(const char *path, char **command)
{
  int error;

  execv(path, command);
  error = errno;
  complain("%s cannot be executed: %s", path, strerror(error));
  return error == ENOENT ? NOT_FOUND : CANNOT_EXECUTE;
}

static bool set(const char *variable, const char *value)
{
  if (value && setenv(variable, value, 1) == 0)
    return true;
  complain("%s cannot be set: %s", variable, strerror(ENOMEM));
  return false;
}

static bool set_only(const char *only)
{
  const char *wrong, *inherited = getenv("SYNCDIR_ONLY");

  if (only)
    return set("SYNCDIR_ONLY", only);
  if (inherited && (wrong = wrong_with_only(inherited)))
    complain("SYNCDIR_ONLY is not used, for %s: everything is flushed", wrong);
  return true;
}

/* Where the trace is to go in the end: in FILE, "" for nowhere. */
static bool find_trace(const char *asked, char file[PATH_MAX])
{
  const char *trace = asked ? asked : getenv("SYNCDIR_TRACE");

  *file = '\0';
  if (!trace || !*trace || prepare_trace(trace, file))
    return true;
  complain("the trace %s cannot be written: %s", trace, strerror(errno));
  *file = '\0';
  return !asked;
}

static int run_and_sum_up(const char *path, char **command, const char *trace)
{
  struct private_trace private;
  int status;
  pid_t child;

  if (!make_private_trace(&private) || !set("SYNCDIR_TRACE", private.file))
    return REFUSED;
  child = start_child();
  if (child == 0)
    _exit(execute(path, command));
  status = child == -1 ? -1 : wait_for_child(child);
  if (child == -1)
    complain("no process can be made: %s", strerror(errno));
  else
    finish_private_trace(&private, trace);
  remove_private_trace(&private);
  return status == -1 ? REFUSED : end_like(status);
}

int run(const struct options *options, char **command)
{
  struct report refusal = { NULL, SAFE };
  char path[PATH_MAX], trace[PATH_MAX];
  bool bare;

  if (!find_command(*command, path)) {
    int error = errno;

    complain("%s cannot be executed: %s", *command, strerror(error));
    return error == ENOENT ? NOT_FOUND : CANNOT_EXECUTE;
  }
  bare = judge_program(&refusal, path);
  if (refusal.verdict != SAFE && !options->force)
    return REFUSED;
  if (refusal.verdict != SAFE)
    complain("-f: %s is run all the same, unprotected", path);
  else if (bare && (options->only || options->trace || options->summary))
    complain("%s is set-id: it ignores -o, -t and -s", path);
  if (!find_trace(options->trace, trace) || !set_only(options->only)
      || !set("LD_PRELOAD", preload_value(bare)))
    return REFUSED;
  if (options->summary)
    return run_and_sum_up(path, command, trace);
  if (*trace && !set("SYNCDIR_TRACE", trace))
    return REFUSED;
  return execute(path, command);
}
