/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syncdir --audit, apart from syncdir, whose start its libraries would slow down: who tells
 * the world of a change before it is durable.  syncdir-audit(1). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "syncdir/command.h"
#include "common/message.h"
#include "common/options.h"
#include "config.h"
#include "memory.h"
#include "report.h"
#include "syncdir/run.h"
#include "start.h"
#include "status.h"

const char program_name[] = "syncdir";

static const char usage[] =
  "usage: syncdir --audit [-o DIR]... [--ignore PATTERN]... [--all] [--json]\n"
  "                       [--report FILE] [--] COMMAND [ARG...]\n"
  "\n"
  "Runs COMMAND and watches which names it makes, moves or removes, what it\n"
  "flushes, and when it tells others.  It flushes nothing itself.\n"
  "\n"
  "  -o DIR            judge only names below DIR\n"
  "  --ignore PATTERN  leave out names that match PATTERN, as a whole path or\n"
  "                    by the last name\n"
  "  --all             leave out no locks, temporary files and caches\n"
  "  --json            report as JSON\n"
  "  --report FILE     report into FILE instead of standard error\n"
  "  -h, --help        this text\n"
  "\n"
  "Exit status: 0 no findings, 1 findings, 2 not all could be watched; 125 wrong\n"
  "usage, 126 COMMAND cannot be executed, 127 not found.\n"
  "Manual: man 1 syncdir-audit\n";

enum { OPTION_AUDIT = 256, OPTION_IGNORE, OPTION_ALL, OPTION_JSON, OPTION_REPORT };

static const struct option long_options[] = {
  { "all", no_argument, NULL, OPTION_ALL },
  { "audit", no_argument, NULL, OPTION_AUDIT },
  { "help", no_argument, NULL, 'h' },
  { "ignore", required_argument, NULL, OPTION_IGNORE },
  { "json", no_argument, NULL, OPTION_JSON },
  { "report", required_argument, NULL, OPTION_REPORT },
  { NULL, 0, NULL, 0 },
};

static struct selection selection;
static bool json;
static const char *report_path;
static FILE *report_file;

static void select_directory(const char *path)
{
  char *whole = realpath(path, NULL);

  if (!whole)
    die(REFUSED, "-o %s: %s", path, strerror(errno));
  selection.directories = grow(selection.directories, selection.directory_count,
                               sizeof *selection.directories);
  selection.directories[selection.directory_count++] = whole;
}

static void select_pattern(char *pattern)
{
  selection.patterns = grow(selection.patterns, selection.pattern_count,
                            sizeof *selection.patterns);
  selection.patterns[selection.pattern_count++] = pattern;
}

static void read_option(int option)
{
  switch (option) {
    case 'h': print_and_end(usage, REFUSED);
    case 'o': select_directory(optarg); break;
    case OPTION_IGNORE: select_pattern(optarg); break;
    case OPTION_ALL: selection.all = true; break;
    case OPTION_JSON: json = true; break;
    case OPTION_REPORT: report_path = optarg; break;
    default: break;
  }
}

/* Opened before the command is started: a report that nobody gets is worth nothing. */
static void open_report(void)
{
  int fd = report_path ? open(report_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)
                       : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

  if (fd == -1 || !(report_file = fdopen(fd, "w")))
    die(REFUSED, "%s cannot be written: %s", report_path ? report_path : "standard error",
        strerror(errno));
}

/* All that is known of a process beside its calls is known from there; another namespace's has
 * other numbers. */
static void require_proc(void)
{
  char number[16] = "", link[16];

  if (readlink("/proc/self", number, sizeof number - 1) == -1)
    die(NOT_WATCHED, "the command cannot be watched: /proc/self: %s; mount proc on /proc",
        strerror(errno));
  snprintf(link, sizeof link, "%d", (int) getpid());
  if (strcmp(number, link) != 0)
    die(NOT_WATCHED, "the command cannot be watched: /proc shows another PID namespace;"
                     " mount this one's proc on /proc");
}

static int report(int command_status)
{
  struct report found;

  make_report(&found, &selection, command_status);
  if (json)
    print_json_report(report_file, &found);
  else
    print_report(report_file, &found);
  if (fclose(report_file) != 0) {
    complain("the report cannot be written: %s", strerror(errno));
    return NOT_WATCHED;
  }
  return status_of(&found);
}

int main(int count, char **arguments)
{
  char path[PATH_MAX];
  int option;

  while ((option = next_option(count, arguments, "+:o:h", long_options, REFUSED)) != -1)
    read_option(option);
  if (!arguments[optind])
    misuse(REFUSED, "no command is given");
  if (!find_command(arguments[optind], path)) {
    int error = errno;

    die(error == ENOENT ? NOT_FOUND : CANNOT_EXECUTE, "%s: %s", arguments[optind], strerror(error));
  }
  selection.start = getcwd(NULL, 0);
  if (!selection.start)
    selection.start = copy_string("/");
  require_proc();
  open_report();
  return run_audit(path, arguments + optind, report);
}
