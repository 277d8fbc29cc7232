/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command with durable directories. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/message.h"
#include "child.h"
#include "command.h"
#include "deferred.h"
#include "judge.h"
#include "library.h"
#include "preflight.h"
#include "run.h"
#include "summary.h"

/* Returns only if it fails: the exit status. */
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

static void tell_of_switch(const char *name)
{
  if (wrong_with_switch(name))
    complain("%s=%s is not \"off\", and is taken as on", name, getenv(name));
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

/* Sets the mode, or leaves the strict one if deferred does not work here: that is as safe. */
static bool set_deferred(bool bare)
{
  const char *why = bare ? "the program is set-id, and ignores SYNCDIR_MODE" : why_never_deferred();

  if (why)
    complain("--deferred: each change is flushed when it is made: %s", why);
  return set("SYNCDIR_MODE", "deferred");
}

/* Puts into FILE where the trace goes in the end, "" for nowhere. */
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

/* As env(1) and the shells do. */
static int not_found(const char *name, int error)
{
  if (error == ENOENT && !strchr(name, '/'))
    complain("%s: command not found in PATH", name);
  else
    complain("%s cannot be executed: %s", name, strerror(error));
  return error == ENOENT ? NOT_FOUND : CANNOT_EXECUTE;
}

int run(const struct options *options, char **command)
{
  char path[PATH_MAX];

  if (!find_command(*command, path))
    return not_found(*command, errno);
  return run_file(options, path, command);
}

int run_file(const struct options *options, const char *path, char **command)
{
  struct report refusal = { 0 };
  struct judged judged;
  char trace[PATH_MAX];

  tell_of_switch("SYNCDIR");
  tell_of_switch("SYNCDIR_DATA");
  judge_program(&refusal, path, (const char *const *) command + 1, &judged);
  if (refusal.verdict != SAFE && !options->force)
    return REFUSED;
  if (refusal.verdict != SAFE)
    complain("-f: running %s anyway, unprotected", path);
  else if (judged.bare && (options->only || options->trace || options->summary))
    complain("%s is set-id: it ignores -o, -t and -s", path);
  if (!find_trace(options->trace, trace) || !set_only(options->only)
      || (options->deferred && !set_deferred(judged.bare))
      || !set("LD_PRELOAD", preload_value(judged.bare)))
    return REFUSED;
  if (options->summary)
    return run_and_sum_up(path, command, trace);
  if (*trace && !set("SYNCDIR_TRACE", trace))
    return REFUSED;
  return execute(path, command);
}
