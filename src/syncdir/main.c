/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir: puts the library in front of a command, or refuses if that cannot work.
 * syncdir(1). */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "common/message.h"
#include "common/options.h"
#include "config.h"
#include "installed.h"
#include "preflight.h"
#include "run.h"

const char program_name[] = "syncdir";

static const char usage[] =
  "usage: syncdir [-o DIR]... [-t FILE] [-s] [-f] [--deferred] [--] COMMAND [ARG...]\n"
  "       syncdir --check [--deferred] [--json] [-q] [--user NAME] [COMMAND|FILE|PID|DIR]...\n"
  "       syncdir --audit [OPTION]... [--] COMMAND [ARG...]\n"
  "\n"
  "Runs COMMAND so that its directory changes survive a power cut, or refuses to.\n"
  "\n"
  "  -o DIR       flush only below DIR\n"
  "  -t FILE      append one line for each flush to FILE; - is standard error\n"
  "  -s           print a summary at the end\n"
  "  -f           run COMMAND even if it is not protected\n"
  "  --deferred   flush before COMMAND tells anybody, not at each change\n"
  "  --check      report whether, and how, it would be protected: exit status\n"
  "               0 protected, 1 not protected, 2 cannot tell\n"
  "    --json       as JSON, one object for each argument\n"
  "    -q           print nothing, give the exit status only\n"
  "    --user NAME  for the user who will run it\n"
  "  --audit      run COMMAND without the library, and report what it calls done\n"
  "               before that would survive a power cut: man 1 syncdir-audit\n"
  "  -h, --help   print this text\n"
  "  --version    print the version\n"
  "\n"
  "Exit status: COMMAND's; 125 refused or wrong usage, 126 COMMAND cannot be\n"
  "executed, 127 not found.  Started through a link of another name, it runs\n"
  "the command of that name.  Manual: man 1 syncdir\n";

/* If a standard descriptor is closed, one of ours must not take its place: it would become
 * the command's standard output, or a message of ours would go into some file.  The places
 * are occupied until the exec. */
static void hold_standard_descriptors(void)
{
  int fd;

  do
    fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd != -1)
    close(fd);
}

/* --check and --audit are programs of their own, which read the same arguments again. */
static int execute(const char *program, char **arguments)
{
  execv(program, arguments);
  complain("%s cannot be executed: %s; install syncdir again", program, strerror(errno));
  return REFUSED;
}

/* Started through a link of another name, it runs the command of that name, as users of
 * eatmydata do with links in ~/bin; but not the link itself, which may come first in PATH. */
static int run_namesake(const char *name, char **arguments)
{
  const struct options options = { 0 };
  char path[PATH_MAX];

  if (!find_namesake(name, path)) {
    complain("%s: no other command of that name in PATH", name);
    return NOT_FOUND;
  }
  return run_file(&options, path, arguments);
}

enum {
  OPTION_AUDIT = 256,
  OPTION_CHECK,
  OPTION_DEFERRED,
  OPTION_VERSION,
  OPTION_JSON,
  OPTION_USER
};

static const struct option long_options[] = {
  { "audit", no_argument, NULL, OPTION_AUDIT },
  { "check", no_argument, NULL, OPTION_CHECK },
  { "deferred", no_argument, NULL, OPTION_DEFERRED },
  { "help", no_argument, NULL, 'h' },
  { "json", no_argument, NULL, OPTION_JSON },
  { "user", required_argument, NULL, OPTION_USER },
  { "version", no_argument, NULL, OPTION_VERSION },
  { NULL, 0, NULL, 0 },
};

/* What the options say. */
struct request {
  struct options options;
  bool checking, running; /* options of --check, or of running a command, were given */
  bool reporting;
};

static void read_option(int option, struct request *request)
{
  const char *wrong;

  switch (option) {
    case 'h': print_and_end(usage, REFUSED);
    case OPTION_VERSION: print_and_end("syncdir " PACKAGE_VERSION "\n", REFUSED);
    case OPTION_CHECK: request->checking = true; return;
    case OPTION_DEFERRED: request->options.deferred = true; return;
    case OPTION_JSON:
    case OPTION_USER:
    case 'q': request->reporting = true; return;
    case 'o':
      if ((wrong = add_to_only(&request->options.only, optarg)))
        die(REFUSED, "-o %s cannot be used: %s", optarg, wrong);
      break;
    case 't': request->options.trace = optarg; break;
    case 's': request->options.summary = true; break;
    default: request->options.force = true; break;
  }
  request->running = true;
}

int main(int count, char **arguments)
{
  struct request request = { 0 };
  const char *name = program_invocation_short_name;
  int option;

  hold_standard_descriptors();
  if (count > 0 && strcmp(name, program_name) != 0 && is_link_to_us(*arguments))
    return run_namesake(name, arguments);
  while ((option = next_option(count, arguments, "+:o:t:sfhq", long_options, REFUSED)) != -1) {
    /* What follows is its own. */
    if (option == OPTION_AUDIT)
      return execute(audit_path, arguments);
    read_option(option, &request);
  }
  if (request.checking && request.running)
    misuse(REFUSED, "-o, -t, -s and -f cannot be used with --check");
  if (request.reporting && !request.checking)
    misuse(REFUSED, "--json, -q and --user can only be used with --check");
  if (request.checking)
    return execute(check_path, arguments);
  if (!arguments[optind])
    misuse(REFUSED, "no command is given");
  return run(&request.options, arguments + optind);
}
