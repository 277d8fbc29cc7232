/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir: puts the library in front of a command, and refuses where that cannot
 * work.  syncdir(1). */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "installed.h"
#include "report.h"
#include "run.h"
#include "settings.h"

static const char usage[] =
  "usage: syncdir [-o DIR]... [-t FILE] [-s] [-f] [--] COMMAND [ARG...]\n"
  "       syncdir --check [COMMAND|FILE|PID|DIR]...\n"
  "\n"
  "  -o DIR    flush only below DIR\n"
  "  -t FILE   one line for each flush into FILE; - is standard error\n"
  "  -s        a summary at the end\n"
  "  -f        run COMMAND even if it is not protected\n"
  "  --check   say whether, and how, it would be protected:\n"
  "            exit status 0 protected, 1 not protected, 2 cannot tell\n"
  "  --help    this text\n"
  "  --version\n";

/* A descriptor of ours must not become the command's standard output, nor a
 * message of ours the end of some file: the places are held until the exec. */
static void hold_standard_descriptors(void)
{
  int fd;

  do
    fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd != -1)
    close(fd);
}

static int wrong_usage(void)
{
  fputs(usage, stderr);
  return REFUSED;
}

static int print(const char *text)
{
  fputs(text, stdout);
  return fflush(stdout) == 0 ? EXIT_SUCCESS : REFUSED;
}

static int check(char **subjects)
{
  /* Before the first of them stands "--check", or "--". */
  execv(check_path, subjects - 1);
  complain("%s cannot be executed: %s; install syncdir again", check_path, strerror(errno));
  return REFUSED;
}

enum { OPTION_CHECK = 256, OPTION_HELP, OPTION_VERSION };

static const struct option long_options[] = {
  { "check", no_argument, NULL, OPTION_CHECK },
  { "help", no_argument, NULL, OPTION_HELP },
  { "version", no_argument, NULL, OPTION_VERSION },
  { NULL, 0, NULL, 0 },
};

int main(int count, char **arguments)
{
  struct options options = { 0 };
  bool checking = false, running = false;
  const char *wrong;
  int option;

  hold_standard_descriptors();
  while ((option = getopt_long(count, arguments, "+o:t:sf", long_options, NULL)) != -1) {
    if (option == OPTION_HELP)
      return print(usage);
    if (option == OPTION_VERSION)
      return print("syncdir " PACKAGE_VERSION "\n");
    if (option == OPTION_CHECK)
      checking = true;
    else
      running = true;
    if (option == 'o' && (wrong = add_to_only(&options.only, optarg))) {
      complain("-o %s cannot be used: %s", optarg, wrong);
      return REFUSED;
    }
    if (option == '?')
      return wrong_usage();
    if (option == 't')
      options.trace = optarg;
    options.summary |= option == 's';
    options.force |= option == 'f';
  }
  arguments += optind;
  if (checking)
    return running ? wrong_usage() : check(arguments);
  return *arguments ? run(&options, arguments) : wrong_usage();
}
