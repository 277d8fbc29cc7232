/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qfsck: checks, repairs and moves a qmail queue.  doc/qfsck.8 is its manual. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syncdir.h>
#include <unistd.h>

#include "common/message.h"
#include "common/options.h"
#include "copy.h"
#include "door.h"
#include "journal.h"
#include "layout.h"
#include "listing.h"
#include "move.h"
#include "repair.h"
#include "say.h"
#include "skeleton.h"
#include "statistics.h"
#include "users.h"

enum task { CHECK, MOVE_QUEUE, CREATE, STATISTICS };

struct options {
  enum task task;
  enum mode mode;
  unsigned split; /* 0: as it is */
  int big_todo;   /* -1: as it is */
  bool verbose;
  const char *users, *map;
};

const char program_name[] = "qfsck";

static const char help[] =
  "usage: qfsck [-n|-p|-y] [-v] [--split N] [--big-todo|--no-big-todo]\n"
  "             [--users FILE] [--map FILE] QUEUE\n"
  "       qfsck [--split N] [--big-todo|--no-big-todo] [--users FILE] [--map FILE]\n"
  "             --move QUEUE NEWQUEUE\n"
  "       qfsck [--big-todo] [--users FILE] --create QUEUE --split N\n"
  "       qfsck [--users FILE] --stat QUEUE\n"
  "\n"
  "Checks a qmail queue, and repairs it, moves it to another filesystem, or creates one.\n"
  "\n"
  "  -n              only report\n"
  "  -p              repair without asking, but take nothing out of the queue\n"
  "  -y              repair everything; without -n, -p and -y it asks for each repair\n"
  "  -v              report how the queue is split, and each file that is renamed\n"
  "  --split N       the queue is split N ways, or is to be: the number in conf-split\n"
  "  --big-todo      todo and intd are split too, or are to be\n"
  "  --no-big-todo   they are not split, or are not to be\n"
  "  --users FILE    read the numbers of qmailq, qmails, qmailr and the group qmail from FILE\n"
  "  --map FILE      write the old and new message numbers into FILE\n"
  "  --move          copy the messages to NEWQUEUE, then rename QUEUE\n"
  "  --create        create an empty queue\n"
  "  --stat          show what is in the queue, as qmail-qstat and qmail-qread do\n"
  "  --help          print this text\n"
  "  --version       print the version\n"
  "\n"
  "Exit status: 0 sound, 1 repaired, 4 damage left, 8 failed, 16 wrong usage;\n"
  "see qfsck(8).\n";

static void set_mode(struct options *options, enum mode mode)
{
  if (options->mode != ASK && options->mode != mode)
    misuse(USAGE, "-n, -p and -y exclude each other.");
  options->mode = mode;
}

static void set_task(struct options *options, enum task task)
{
  if (options->task != CHECK && options->task != task)
    misuse(USAGE, "--move, --create and --stat exclude each other.");
  options->task = task;
}

static unsigned split_of(const char *text)
{
  bool plain;
  uint64_t split = number_of(text, &plain);

  if (!split || !plain || split >= SPLIT_MAX)
    misuse(USAGE, "--split needs a number from 1 to 99999: that of conf-split.");
  return (unsigned) split;
}

static _Noreturn void print_version(void)
{
  printf("qfsck %s\n", syncdir_version());
  exit(output_was_written() ? SOUND : CANNOT_WORK);
}

static struct options read_options(int argc, char **argv)
{
  enum {
    SPLIT = 256,
    BIG_TODO,
    NO_BIG_TODO,
    USERS_FILE,
    MAP,
    MOVE_OPTION,
    CREATE_OPTION,
    STAT_OPTION,
    HELP,
    VERSION
  };
  static const struct option names[] = {
    { "split", required_argument, NULL, SPLIT },
    { "big-todo", no_argument, NULL, BIG_TODO },
    { "no-big-todo", no_argument, NULL, NO_BIG_TODO },
    { "users", required_argument, NULL, USERS_FILE },
    { "map", required_argument, NULL, MAP },
    { "move", no_argument, NULL, MOVE_OPTION },
    { "create", no_argument, NULL, CREATE_OPTION },
    { "stat", no_argument, NULL, STAT_OPTION },
    { "help", no_argument, NULL, HELP },
    { "version", no_argument, NULL, VERSION },
    { NULL, 0, NULL, 0 },
  };
  struct options options = { .mode = ASK, .big_todo = -1 };

  for (int c; (c = next_option(argc, argv, ":npyv", names, USAGE)) != -1;)
    switch (c) {
      case 'n': set_mode(&options, ONLY_REPORT); break;
      case 'p': set_mode(&options, PREEN); break;
      case 'y': set_mode(&options, SAY_YES); break;
      case 'v': options.verbose = true; break;
      case SPLIT: options.split = split_of(optarg); break;
      case BIG_TODO: options.big_todo = 1; break;
      case NO_BIG_TODO: options.big_todo = 0; break;
      case USERS_FILE: options.users = optarg; break;
      case MAP: options.map = optarg; break;
      case MOVE_OPTION: set_task(&options, MOVE_QUEUE); break;
      case CREATE_OPTION: set_task(&options, CREATE); break;
      case STAT_OPTION: set_task(&options, STATISTICS); break;
      case HELP: print_and_end(help, CANNOT_WORK);
      case VERSION: print_version();
    }
  if (argc - optind != (options.task == MOVE_QUEUE ? 2 : 1))
    misuse(USAGE, "%s",
           options.task == MOVE_QUEUE ? "--move needs two directories."
                                      : "one queue must be named.");
  if (options.task != CHECK && options.mode != ASK)
    misuse(USAGE, "-n, -p and -y are for checking a queue only.");
  if (options.task == CREATE && !options.split)
    misuse(USAGE, "--create needs --split N, that of conf-split.");
  return options;
}

static bool is_in_queue(const struct queue *queue, const char *path, struct stat *st)
{
  if (look_at(queue->fd, path, st) == 0)
    return true;
  if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    cannot("look at", path);
  return false;
}

/* At least three of the nine, and messages among them. */
static void refuse_other_directories(const struct queue *queue)
{
  struct stat st;
  int found = 0, messages = 0;

  for (int kind = 0; kind < KINDS; kind++)
    if (is_in_queue(queue, rules[kind].name, &st) && S_ISDIR(st.st_mode)) {
      found++;
      messages += kind == MESS || kind == TODO || kind == INFO;
    }
  found += is_in_queue(queue, PID, &st) || is_in_queue(queue, PID_ASIDE, &st);
  found += is_in_queue(queue, LOCK, &st) || is_in_queue(queue, LOCK_ASIDE, &st);
  if (found < 3 || messages == 0)
    fail("%s is not a qmail queue: it has too few of the directories mess, info, todo ...",
         queue->path);
}

static void choose_layout(struct queue *queue, const struct options *options)
{
  struct guess guess = find_layout(queue->fd);

  queue->found = guess.layout;
  queue->is_sure = guess.is_sure || options->split;
  /* A guess yields to what the user says. */
  if (!guess.is_sure && options->split)
    queue->found.split = options->split;
  queue->wanted = queue->found;
  if (options->split)
    queue->wanted.split = options->split;
  if (options->big_todo != -1)
    queue->wanted.big_todo = options->big_todo;
}

/* --create goes on with what an earlier run of it has left, and accepts an empty queue: it
 * may have made one, and then not reported it. */
static void require_empty(const struct queue *queue)
{
  struct listing names = list_folder(queue->fd, "");
  bool is_empty = true;

  for (struct dirent *entry; is_empty && (entry = next_name(&names));)
    is_empty = belongs_in_queue(entry->d_name);
  end_listing(&names);
  if (!is_empty || !has_no_files(queue->fd))
    fail("%s is not empty: --create needs an empty directory or a new one.", queue->path);
}

static int create_queue(struct queue *queue, const char *path, const struct options *options)
{
  const struct layout wanted = { .split = options->split, .big_todo = options->big_todo == 1 };
  struct guess guess;
  struct stat st;

  if (syncdir_mkdir(path, 0700) == -1 && errno != EEXIST)
    cannot("make the directory", path);
  open_queue(queue, path);
  require_empty(queue);
  queue->found = queue->wanted = wanted;
  queue->is_sure = true;
  guess = find_layout(queue->fd);
  if (journal_state(queue) == NO_JOURNAL && guess.is_sure && look_at(queue->fd, LOCK, &st) == 0
      && (guess.layout.split != wanted.split || guess.layout.big_todo != wanted.big_todo))
    fail("%s is already a queue, split %u ways.", path, guess.layout.split);
  return create(queue);
}

static struct map map;

static void close_the_map(void)
{
  close_map(&map);
}

static int check_or_repair(struct queue *queue, const struct options *options)
{
  bool only_looks = options->task == STATISTICS || options->mode == ONLY_REPORT;
  bool is_in_vain = !only_looks && is_read_only(queue);
  int result = SOUND;

  refuse_other_directories(queue);
  queue->verbose = options->verbose;
  queue->takes_nothing_out = options->mode == PREEN;
  if (!only_looks && !is_in_vain && begin_work(queue, &map))
    result = REPAIRED;
  choose_layout(queue, options);
  if (options->verbose)
    printf("%s is split %u ways, todo and intd are %s.\n", queue->path, queue->found.split,
           queue->found.big_todo ? "split" : "not split");
  if (options->task == STATISTICS)
    show_statistics(queue);
  if (is_in_vain)
    return check_in_vain(queue, &map);
  result |= only_looks ? only_check(queue) : repair(queue, options->mode, &map);
  return result;
}

int main(int argc, char **argv)
{
  struct options options = read_options(argc, argv);
  struct queue queue = { .fd = -1 };
  const char *path = argv[optind];
  int result;

  umask(0);
  setvbuf(stdout, NULL, _IOLBF, 0);
  catch_signals();
  read_ids(&queue.ids, options.users);
  atexit(close_the_map);
  if (options.mode != ONLY_REPORT)
    open_map(&map, options.map);
  if (options.task == CREATE) {
    result = create_queue(&queue, path, &options);
  } else if (options.task == MOVE_QUEUE) {
    result = move_queue(
      &queue.ids, path, argv[optind + 1],
      &(struct move_options) { .split = options.split, .big_todo = options.big_todo, .map = &map });
  } else {
    open_queue(&queue, path);
    refuse_map_in(&map, path);
    result = check_or_repair(&queue, &options);
  }
  return output_was_written() ? result : result | CANNOT_WORK;
}
