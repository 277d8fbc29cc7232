/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the command line. */
#include "options.h"
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A worker waits for the kernel half of its time: for the blocks of a mount, for
 * the end of all readers in an umount. */
enum { JOBS_PER_PROCESSOR = 4 };

static const char usage[] =
  "usage: powercut [--fs KIND[,KIND...]] [--mkfs ARGS] [--mount OPTS] [--size N]\n"
  "                [--cuts all|random:N] [--cache none|reorder:N] [--seed N] [--jobs N]\n"
  "                [--keep DIR|none] [--report FILE] --run COMMAND [--check COMMAND]\n"
  "       powercut --replay RECORDING [--cuts all|random:N] [--jobs N] [--report FILE]\n"
  "                [--check COMMAND]\n"
  "       powercut --look RECORDING --at POSITION:CHOICE [--check COMMAND]\n";

static void fail(const char *option, const char *value, const char *why)
{
  warnx("--%s %s: %s", option, value, why);
  fputs(usage, stderr);
  exit(2);
}

/* Reads a number of at most MOST; with K, M or G after it, so many KiB, MiB or GiB.
 * Returns NULL, or what is wrong with TEXT. */
static const char *read_number(const char *text, uint64_t most, uint64_t *number)
{
  static const char units[] = "KMG";
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  const char *unit = *end == '\0' ? NULL : strchr(units, *end);
  unsigned shift = unit ? 10 * (unsigned) (unit - units + 1) : 0;
  if (text[0] < '0' || text[0] > '9' || end[!!unit] != '\0')
    return "not a number";
  if (errno != 0 || value > most >> shift)
    return "too big";
  *number = value << shift;
  return NULL;
}

static uint64_t number(const char *option, const char *text, uint64_t most)
{
  uint64_t value = 0;
  const char *fault = read_number(text, most, &value);
  if (fault)
    fail(option, text, fault);
  return value;
}

/* In pages: what the cache of the device may tear a write into. */
static uint64_t size(const char *text)
{
  uint64_t bytes = number("size", text, (uint64_t) 1 << 34);
  if (bytes < 4096)
    fail("size", text, "a device has 4K or more");
  return bytes & ~(uint64_t) 4095;
}

/* WORD is 0; PREFIX:N is N. */
static uint32_t word_or_number(const char *option, const char *text, const char *word,
                               const char *prefix)
{
  const uint32_t most = 1 << 16;
  char expected[128];
  size_t length = strlen(prefix);
  uint64_t value = 0;
  if (strcmp(text, word) == 0)
    return 0;
  snprintf(expected, sizeof expected, "neither %s nor %s:N, where N is a number from 1 to %u", word,
           prefix, most);
  if (strncmp(text, prefix, length) != 0 || text[length] != ':'
      || read_number(text + length + 1, most, &value) || value == 0)
    fail(option, text, expected);
  return (uint32_t) value;
}

static void read_filesystems(struct options *options, char *names)
{
  size_t count = 0;
  for (char *rest, *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
    const struct filesystem *filesystem = find_filesystem(name);
    if (!filesystem) {
      warnx("--fs %s: not one of %s", name, filesystem_names());
      exit(2);
    }
    for (size_t i = 0; i < count; i++)
      if (options->filesystems[i] == filesystem)
        fail("fs", name, "named twice");
    options->filesystems[count++] = filesystem;
  }
  options->filesystems[count] = NULL;
  if (count == 0)
    fail("fs", "", "no filesystem is named");
}

static void read_state(struct options *options, char *text)
{
  uint64_t position = 0, choice = 0;
  char *colon = strchr(text, ':');
  if (colon)
    *colon = '\0';
  bool is_state = colon && !read_number(text, UINT32_MAX, &position)
                  && !read_number(colon + 1, UINT32_MAX, &choice);
  if (colon)
    *colon = ':';
  if (!is_state)
    fail("at", text, "not POSITION:CHOICE, two numbers as a violation tells them");
  options->position = (uint32_t) position;
  options->choice = (uint32_t) choice;
}

static void fail_usage(const char *why)
{
  warnx("%s", why);
  fputs(usage, stderr);
  exit(2);
}

/* GIVEN holds the letters of all options that were. */
static void check_combination(const struct options *options, int left, const char *given)
{
  bool has_state = strchr(given, 'a');
  if (left > 0)
    fail_usage("there are words after the options; quote the commands");
  int tasks = !!options->run + !!options->look + !!options->replay;
  if (tasks == 0)
    fail_usage("one of --run, --replay and --look is needed");
  if (tasks > 1)
    fail_usage("--run, --replay and --look exclude each other");
  if (!!options->look != has_state)
    fail_usage("--look and --at belong together");
  if (options->replay && strpbrk(given, "fmoswSk"))
    fail_usage("--replay has all from the recording, but for --cuts, --jobs, --report and --check");
  if (options->look && strpbrk(given, "fmoswSkcjr"))
    fail_usage("--look has all from the recording, but for --at and --check");
}

static const struct option long_options[] = { { "fs", required_argument, NULL, 'f' },
                                              { "mkfs", required_argument, NULL, 'm' },
                                              { "mount", required_argument, NULL, 'o' },
                                              { "size", required_argument, NULL, 's' },
                                              { "cuts", required_argument, NULL, 'c' },
                                              { "cache", required_argument, NULL, 'w' },
                                              { "seed", required_argument, NULL, 'S' },
                                              { "jobs", required_argument, NULL, 'j' },
                                              { "keep", required_argument, NULL, 'k' },
                                              { "report", required_argument, NULL, 'r' },
                                              { "run", required_argument, NULL, 'R' },
                                              { "check", required_argument, NULL, 'C' },
                                              { "look", required_argument, NULL, 'l' },
                                              { "at", required_argument, NULL, 'a' },
                                              { "replay", required_argument, NULL, 'p' },
                                              { "help", no_argument, NULL, 'h' },
                                              { NULL, 0, NULL, 0 } };

struct options read_options(int count, char **arguments)
{
  char all[] = "ext4", given[64] = "";
  struct options options = { .mkfs = "",
                             .mount = "",
                             .seed = 1,
                             .choices = 4,
                             .cuts.jobs = JOBS_PER_PROCESSOR
                                          * (unsigned) sysconf(_SC_NPROCESSORS_ONLN) };
  read_filesystems(&options, all);
  for (int option; (option = getopt_long(count, arguments, "", long_options, NULL)) != -1;) {
    if (!strchr(given, option))
      given[strlen(given)] = (char) option;
    switch (option) {
      case 'f': read_filesystems(&options, optarg); break;
      case 'm': options.mkfs = optarg; break;
      case 'o': options.mount = optarg; break;
      case 's': options.size = size(optarg); break;
      case 'c': options.cuts.random = word_or_number("cuts", optarg, "all", "random"); break;
      case 'w': options.choices = word_or_number("cache", optarg, "none", "reorder"); break;
      case 'S': options.seed = number("seed", optarg, UINT64_MAX); break;
      case 'j': options.cuts.jobs = (unsigned) number("jobs", optarg, 256); break;
      case 'k': options.keep = optarg; break;
      case 'r': options.report = optarg; break;
      case 'R': options.run = optarg; break;
      case 'C': options.cuts.check = optarg; break;
      case 'l': options.look = optarg; break;
      case 'p': options.replay = optarg; break;
      case 'a': read_state(&options, optarg); break;
      case 'h': fputs(usage, stdout); exit(0);
      default: fputs(usage, stderr); exit(2);
    }
  }
  if (options.cuts.jobs == 0)
    fail("jobs", "0", "somebody must do the work");
  check_combination(&options, count - optind, given);
  return options;
}
