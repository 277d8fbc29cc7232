/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the command line. */
#include "options.h"
#include "status.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/options.h"
#include "config.h"

/* A worker waits for the kernel half of its time: for the blocks of a mount, for
 * the end of all readers in an umount. */
enum { JOBS_PER_PROCESSOR = 4 };

static const char help[] =
  "Usage: powercut [OPTION]... --run COMMAND [--check COMMAND]\n"
  "       powercut [OPTION]... --replay RECORDING [--check COMMAND]\n"
  "       powercut --look RECORDING --at POSITION:CHOICE [--check COMMAND]\n"
  "\n"
  "Runs COMMAND on a new filesystem, cuts the power at every write that reached its\n"
  "disk, and says whether what COMMAND had promised by then is still there.\n"
  "\n"
  "What to test:\n"
  "  --run COMMAND        for sh(1); it writes what it promises into $POWERCUT_MARKS\n"
  "  --check COMMAND      judges what a cut has left; it reads the promises from\n"
  "                       standard input; exit status 0: kept, 1: lost\n"
  "  --concurrent         several processes make marks for names of one tree\n"
  "  --replay RECORDING   judge a recording again\n"
  "  --look RECORDING     mount what one cut has left, for inspection\n"
  "  --at POSITION:CHOICE   the cut to mount, as a violation names it\n"
  "\n"
  "Which disk:\n"
  "  --fs KIND[,KIND...]  ext4 (the default), xfs, btrfs, ext2, overlay (on ext4),\n"
  "                       overlay-xfs, overlay-btrfs, overlay-ext2\n"
  "  --mkfs ARGS          more arguments for mkfs\n"
  "  --mount OPTS         mount options\n"
  "  --size N             size of the disk in bytes, or with K, M, G\n"
  "  --cache none|reorder:N   what the disk may keep of unflushed writes: nothing, all,\n"
  "                       and N random parts of them; default reorder:4\n"
  "\n"
  "Which cuts:\n"
  "  --cuts all|random:N  all of them (the default), or N\n"
  "  --seed N             seed of the random choices; default 1\n"
  "  --jobs N             number of processes that cut and judge\n"
  "\n"
  "Output:\n"
  "  --keep DIR|none      keep the recordings in DIR; by default those with violations\n"
  "  --json FILE          write the result into FILE as JSON\n"
  "  --report FILE        append a line for each call to FILE\n"
  "  --help, --version\n"
  "\n"
  "Exit status: 0 nothing was lost; 1 violations; 2 failed, nothing was judged; 3 no\n"
  "violation, but not all could be judged; 77 cannot run here.\n"
  "\n"
  "A program that forgets to flush a directory:\n"
  "  powercut --run 'for i in 1 2 3; do echo $i >tmp; sync tmp; mv tmp $i\n"
  "                    echo \"saved $i\" >$POWERCUT_MARKS; done' \\\n"
  "           --check 'while read word name; do test -s $name || exit 1; done'\n"
  "\n"
  "The manual, powercut(1), begins with such a test of a program of your own.\n";

static _Noreturn void fail(const char *option, const char *value, const char *why)
{
  misuse(FAILED, "--%s %s: %s", option, value, why);
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
    fail("size", text, "the device must have at least 4K");
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
  snprintf(expected, sizeof expected, "expected %s or %s:N, where N is a number from 1 to %u", word,
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
      misuse(FAILED, "--fs %s: unknown filesystem; expected one of %s", name, filesystem_names());
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
    fail("at", text, "not POSITION:CHOICE, two numbers as a violation shows them");
  options->position = (uint32_t) position;
  options->choice = (uint32_t) choice;
}

/* GIVEN holds the letters of all options that were. */
static void check_combination(const struct options *options, int left, const char *given)
{
  bool has_state = strchr(given, 'a');
  if (left > 0)
    misuse(FAILED, "unexpected words after the options; put each command in quotes");
  int tasks = !!options->run + !!options->look + !!options->replay;
  if (tasks == 0)
    misuse(FAILED, "one of --run, --replay and --look is needed");
  if (tasks > 1)
    misuse(FAILED, "--run, --replay and --look exclude each other");
  if (!!options->look != has_state)
    misuse(FAILED, "--look and --at belong together");
  if (options->replay && strpbrk(given, "fmoswSkX"))
    misuse(FAILED, "--replay takes all but --cuts, --jobs, --json, --report and --check from the "
                   "recording");
  if (options->look && strpbrk(given, "fmoswSkcjrJX"))
    misuse(FAILED, "--look takes all but --at and --check from the recording");
}

static const struct option long_options[] = {
  { "fs", required_argument, NULL, 'f' },     { "mkfs", required_argument, NULL, 'm' },
  { "mount", required_argument, NULL, 'o' },  { "size", required_argument, NULL, 's' },
  { "cuts", required_argument, NULL, 'c' },   { "cache", required_argument, NULL, 'w' },
  { "seed", required_argument, NULL, 'S' },   { "jobs", required_argument, NULL, 'j' },
  { "keep", required_argument, NULL, 'k' },   { "report", required_argument, NULL, 'r' },
  { "json", required_argument, NULL, 'J' },   { "concurrent", no_argument, NULL, 'X' },
  { "run", required_argument, NULL, 'R' },    { "check", required_argument, NULL, 'C' },
  { "look", required_argument, NULL, 'l' },   { "at", required_argument, NULL, 'a' },
  { "replay", required_argument, NULL, 'p' }, { "help", no_argument, NULL, 'h' },
  { "version", no_argument, NULL, 'V' },      { NULL, 0, NULL, 0 },
};

struct options read_options(int count, char **arguments)
{
  char all[] = "ext4", given[64] = "";
  unsigned processors = (unsigned) sysconf(_SC_NPROCESSORS_ONLN);
  struct options options = {
    .mkfs = "", .mount = "", .seed = 1, .choices = 4, .cuts.jobs = JOBS_PER_PROCESSOR * processors
  };
  read_filesystems(&options, all);
  for (int option; (option = next_option(count, arguments, ":", long_options, FAILED)) != -1;) {
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
      case 'J': options.json = optarg; break;
      case 'X': options.concurrent = true; break;
      case 'R': options.run = optarg; break;
      case 'C': options.cuts.check = optarg; break;
      case 'l': options.look = optarg; break;
      case 'p': options.replay = optarg; break;
      case 'a': read_state(&options, optarg); break;
      case 'h': print_and_end(help, FAILED);
      case 'V': print_and_end("powercut (" PACKAGE_NAME ") " PACKAGE_VERSION "\n", FAILED);
    }
  }
  if (options.cuts.jobs == 0)
    fail("jobs", "0", "at least one process is needed");
  check_combination(&options, count - optind, given);
  return options;
}
