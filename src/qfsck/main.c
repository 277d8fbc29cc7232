/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qfsck: checks, repairs and moves a qmail queue.  doc/qfsck.8 is its manual. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syncdir.h>
#include <unistd.h>

#include "door.h"
#include "move.h"
#include "repair.h"
#include "scan.h"
#include "statistics.h"

enum task { CHECK, MOVE_QUEUE, CREATE, STATISTICS };

struct options {
  enum task task;
  enum mode mode;
  unsigned split;         /* 0: as it is */
  int big_todo;           /* -1: as it is */
  bool verbose;
  const char *users, *map;
};

static const char usage[] =
  "usage: qfsck [-n|-p|-y] [-v] [--split N] [--big-todo|--no-big-todo]\n"
  "             [--users FILE] [--map FILE] QUEUE\n"
  "       qfsck [--map FILE] [--users FILE] --move QUEUE NEWQUEUE\n"
  "       qfsck [--big-todo] [--users FILE] --create QUEUE --split N\n"
  "       qfsck [--users FILE] --stat QUEUE\n";

static _Noreturn void misused(const char *what)
{
  fprintf(stderr, "qfsck: %s\n%s", what, usage);
  exit(USAGE);
}

static void set_mode(struct options *options, enum mode mode)
{
  if (options->mode != ASK && options->mode != mode)
    misused("only one of -n, -p and -y can be meant.");
  options->mode = mode;
}

static void set_task(struct options *options, enum task task)
{
  if (options->task != CHECK && options->task != task)
    misused("only one of --move, --create and --stat can be meant.");
  options->task = task;
}

static unsigned split_of(const char *text)
{
  bool plain;
  uint64_t split = number_of(text, &plain);

  if (!split || !plain || split >= SPLIT_MAX)
    misused("--split wants a number from 1 to 99999, that of conf-split.");
  return (unsigned) split;
}

static struct options read_options(int argc, char **argv)
{
  enum { SPLIT = 256, BIG_TODO, NO_BIG_TODO, USERS_FILE, MAP, MOVE_OPTION, CREATE_OPTION,
         STAT_OPTION, HELP, VERSION };
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
    { NULL, 0, NULL, 0 }
  };
  struct options options = { .mode = ASK, .big_todo = -1 };

  for (int c; (c = getopt_long(argc, argv, "npyv", names, NULL)) != -1; )
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
      case HELP: fputs(usage, stdout); exit(SOUND);
      case VERSION: printf("qfsck %s\n", syncdir_version()); exit(SOUND);
      default: fputs(usage, stderr); exit(USAGE);
    }
  if (argc - optind != (options.task == MOVE_QUEUE ? 2 : 1))
    misused(options.task == MOVE_QUEUE ? "--move wants two directories."
                                       : "one queue is wanted.");
  if (options.task != CHECK && options.mode != ASK)
    misused("-n, -p and -y go with a check.");
  if (options.task == CREATE && !options.split)
    misused("--create wants --split N, that of conf-split.");
  return options;
}

/* At least three of the nine, and messages among them. */
static void refuse_other_directories(const struct queue *queue)
{
  struct stat st;
  int found = 0, messages = 0;

  for (int kind = 0; kind < KINDS; kind++)
    if (look_at(queue->fd, rules[kind].name, &st) == 0 && S_ISDIR(st.st_mode)) {
      found++;
      messages += kind == MESS || kind == TODO || kind == INFO;
    }
  found += look_at(queue->fd, PID, &st) == 0 || look_at(queue->fd, PID_ASIDE, &st) == 0;
  found += look_at(queue->fd, LOCK, &st) == 0 || look_at(queue->fd, LOCK_ASIDE, &st) == 0;
  if (found < 3 || messages == 0)
    fail("%s is no queue of qmail: it lacks the directories of one (mess, info, todo ...).",
         queue->path);
}

static void choose_layout(struct queue *queue, const struct options *options)
{
  queue->found = find_layout(queue->fd);
  queue->wanted = queue->found;
  if (options->split)
    queue->wanted.split = options->split;
  if (options->big_todo != -1)
    queue->wanted.big_todo = options->big_todo;
}

/* What an earlier run of --create may have left is no hindrance. */
static void make_empty_queue(const char *path)
{
  struct dirent *entry;
  DIR *stream;

  if (syncdir_mkdir(path, 0700) == -1 && errno != EEXIST)
    cannot("make the directory", path);
  stream = opendir(path);
  if (!stream)
    cannot("read the directory", path);
  while ((entry = readdir(stream)))
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0
        && strcmp(entry->d_name, LOST_FOUND) != 0 && strcmp(entry->d_name, WORK) != 0
        && strcmp(entry->d_name, LOCK) != 0)
      fail("%s is not empty: --create makes a queue of nothing.", path);
  closedir(stream);
}

static int create_queue(struct queue *queue, const char *path, const struct options *options)
{
  make_empty_queue(path);
  open_queue(queue, path);
  queue->wanted = (struct layout) { .split = options->split, .big_todo = options->big_todo == 1 };
  queue->found = queue->wanted;
  return create(queue);
}

int main(int argc, char **argv)
{
  struct options options = read_options(argc, argv);
  struct queue queue = { .fd = -1 };
  const char *path = argv[optind];
  int result = SOUND;
  bool only_looks;

  umask(0);
  setvbuf(stdout, NULL, _IOLBF, 0);
  catch_signals();
  read_ids(&queue.ids, options.users);
  if (options.task == MOVE_QUEUE)
    return move_queue(&queue.ids, path, argv[optind + 1], options.split, options.big_todo,
                      options.map);
  if (options.task == CREATE)
    return create_queue(&queue, path, &options);
  open_queue(&queue, path);
  refuse_other_directories(&queue);
  queue.verbose = options.verbose;
  only_looks = options.task == STATISTICS || options.mode == ONLY_REPORT;
  if (!only_looks && begin_work(&queue, options.map))
    result = REPAIRED;
  choose_layout(&queue, &options);
  if (options.verbose)
    printf("%s is split %u ways, todo and intd are %s.\n", path, queue.found.split,
           queue.found.big_todo ? "split" : "not split");
  if (options.task == STATISTICS)
    show_statistics(&queue);
  return result | (only_looks ? only_check(&queue) : repair(&queue, options.mode, options.map));
}
