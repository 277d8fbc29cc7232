/* SPDX-License-Identifier: GPL-2.0-or-later */
/* workload calls [NAME...]
 * workload sequences --length N [--from A --count C | --sample C] [--seed S]
 * workload random --calls N [--processes P] [--seed S]
 * workload beside
 *
 * Works on the filesystem of the current directory, as root, and makes a new
 * directory there.  Marks go to $POWERCUT_MARKS, if it is set.
 *
 *   --batch   nobody is told of a sequence before its end, or of random calls before
 *             some of them have been made
 *   --list    shows the cases of calls, or the sequences, and runs none
 *   --total   shows how many sequences there are */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "marks.h"
#include "workload.h"

static const char usage[] =
  "usage: workload [--list] calls [NAME...]\n"
  "       workload [--list | --total] sequences --length N [--from A] [--count C]\n"
  "                [--sample C] [--seed S] [--batch]\n"
  "       workload random --calls N [--processes P] [--seed S] [--batch]\n"
  "       workload beside\n";

enum { LIST = 256, TOTAL, LENGTH, FROM, COUNT, SAMPLE, SEED, CALLS, PROCESSES, BATCH };

static const struct option options[] = {
  { "list", no_argument, NULL, LIST },
  { "total", no_argument, NULL, TOTAL },
  { "length", required_argument, NULL, LENGTH },
  { "from", required_argument, NULL, FROM },
  { "count", required_argument, NULL, COUNT },
  { "sample", required_argument, NULL, SAMPLE },
  { "seed", required_argument, NULL, SEED },
  { "calls", required_argument, NULL, CALLS },
  { "processes", required_argument, NULL, PROCESSES },
  { "batch", no_argument, NULL, BATCH },
  { NULL, 0, NULL, 0 },
};

static _Noreturn void show_usage(void)
{
  fputs(usage, stderr);
  exit(2);
}

static long number(const char *text)
{
  char *end;
  long value;

  errno = 0;
  value = strtol(text, &end, 10);
  if (*text < '0' || *text > '9' || *end || errno)
    errx(2, "%s: not a number\n%s", text, usage);
  return value;
}

int main(int argc, char **argv)
{
  struct choice choice = { .length = 2, .count = LONG_MAX, .seed = 1 };
  bool list = false, total = false;
  long calls = 50, processes = 1;
  const char *kind;

  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
    switch (option) {
      case LIST: list = true; break;
      case TOTAL: total = true; break;
      case LENGTH: choice.length = number(optarg); break;
      case FROM: choice.from = number(optarg); break;
      case COUNT: choice.count = number(optarg); break;
      case SAMPLE: choice.sample = number(optarg); break;
      case SEED: choice.seed = number(optarg); break;
      case CALLS: calls = number(optarg); break;
      case PROCESSES: processes = number(optarg); break;
      case BATCH: choice.batch = true; break;
      default: show_usage();
    }
  if (optind == argc)
    show_usage();
  kind = argv[optind++];
  umask(0);
  open_marks();
  if (strcmp(kind, "calls") == 0)
    return list ? list_calls(), 0 : run_calls(argv + optind);
  if (optind < argc)
    show_usage();
  if (strcmp(kind, "random") == 0)
    return run_random(calls, processes, choice.seed, choice.batch);
  if (strcmp(kind, "beside") == 0)
    return fsync_for_ever();
  if (strcmp(kind, "sequences") != 0)
    show_usage();
  if (total)
    return printf("%ld\n", count_sequences(choice.length)), 0;
  return list ? list_sequences(&choice), 0 : run_sequences(&choice);
}
