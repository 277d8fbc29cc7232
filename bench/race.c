/* SPDX-License-Identifier: GPL-2.0-or-later */
/* race [-r ROUNDS] [-w WARM-UPS] [-t KEY=VALUE]... OPERATION COUNT CONTENDER...
 *
 * Has each contender make COUNT calls of OPERATION, one contender after the
 * other, ROUNDS times over, and prints a line of JSON for each: medians and
 * quartiles of the nanoseconds for a call, of the ratio to the first contender
 * in the same round, and the flushes and writes of its device for a call.
 *
 * A CONTENDER is "NAME FOLDER DEVICE WORKER [VARIABLE=VALUE]..."; DEVICE is a
 * name in /sys/block, or "-". */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONTENDERS_MAX = 12, VARIABLES_MAX = 8 };

struct contender {
  char *name, *folder, *device, *worker, *variables[VARIABLES_MAX];
  pid_t pid;
  int to, from;
  double *times, *ratios;   /* of each round */
  uint64_t flushes, writes; /* of all rounds that count */
};

static struct contender contenders[CONTENDERS_MAX];
static int contender_count, rounds = 15, warm_ups = 2;

static _Noreturn void fail(const char *what, const char *on)
{
  fprintf(stderr, "race: %s %s: %s\n", what, on, strerror(errno));
  exit(1);
}

static void parse(struct contender *contender, char *text)
{
  char **field[] = { &contender->name, &contender->folder, &contender->device, &contender->worker };
  int variables = 0;

  for (size_t i = 0; i < sizeof field / sizeof *field; i++, text = NULL)
    if (!(*field[i] = strtok(text, " "))) {
      fprintf(stderr, "race: a contender is NAME FOLDER DEVICE WORKER [VARIABLE=VALUE]...\n");
      exit(2);
    }
  while (variables < VARIABLES_MAX && (contender->variables[variables] = strtok(NULL, " ")))
    variables++;
}

static _Noreturn void become(const struct contender *contender, const char *operation,
                             const char *count)
{
  if (chdir(contender->folder) == -1)
    fail("cannot enter", contender->folder);
  for (int i = 0; i < VARIABLES_MAX && contender->variables[i]; i++)
    putenv(contender->variables[i]);
  execl(contender->worker, contender->worker, operation, count, (char *) NULL);
  fail("cannot run", contender->worker);
}

static void start(struct contender *contender, const char *operation, const char *count)
{
  int there[2], back[2];

  if (pipe2(there, O_CLOEXEC) == -1 || pipe2(back, O_CLOEXEC) == -1)
    fail("cannot make", "a pipe");
  contender->pid = fork();
  if (contender->pid == -1)
    fail("cannot fork for", contender->name);
  if (contender->pid == 0) {
    dup2(there[0], STDIN_FILENO);
    dup2(back[1], STDOUT_FILENO);
    become(contender, operation, count);
  }
  close(there[0]);
  close(back[1]);
  contender->to = there[1];
  contender->from = back[0];
  contender->times = calloc(rounds, sizeof *contender->times);
  contender->ratios = calloc(rounds, sizeof *contender->ratios);
  if (!contender->times || !contender->ratios)
    fail("cannot hold the rounds of", contender->name);
}

static int64_t ask(const struct contender *contender, char what)
{
  int64_t nanoseconds;

  if (write(contender->to, &what, 1) != 1
      || read(contender->from, &nanoseconds, sizeof nanoseconds) != sizeof nanoseconds) {
    fprintf(stderr, "race: the worker of %s has ended\n", contender->name);
    exit(1);
  }
  return nanoseconds;
}

/* Documentation/block/stat.rst: the 5th field counts writes, the 16th flushes. */
static void read_device(const struct contender *contender, uint64_t *flushes, uint64_t *writes)
{
  char path[64];
  FILE *file;
  bool read;

  *flushes = *writes = 0;
  if (strcmp(contender->device, "-") == 0)
    return;
  snprintf(path, sizeof path, "/sys/block/%s/stat", contender->device);
  file = fopen(path, "re");
  if (!file)
    fail("cannot read", path);
  read = fscanf(file,
                "%*u %*u %*u %*u %" SCNu64 " %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %" SCNu64,
                writes, flushes)
      == 2;
  fclose(file);
  if (!read)
    fail("no flushes are counted in", path);
}

static void run(struct contender *contender, int round, double count)
{
  uint64_t flushes[2], writes[2];
  int64_t nanoseconds;

  ask(contender, 'p');
  read_device(contender, &flushes[0], &writes[0]);
  nanoseconds = ask(contender, 't');
  read_device(contender, &flushes[1], &writes[1]);
  ask(contender, 'u');
  if (round < 0)
    return;
  contender->times[round] = nanoseconds / count;
  contender->ratios[round] = contender->times[round] / contenders[0].times[round];
  contender->flushes += flushes[1] - flushes[0];
  contender->writes += writes[1] - writes[0];
}

static int by_value(const void *one, const void *other)
{
  double a = *(const double *) one, b = *(const double *) other;

  return (a > b) - (a < b);
}

static json_t *quartiles(double *values)
{
  qsort(values, rounds, sizeof *values, by_value);
  return json_pack("{sf sf sf}", "median", values[rounds / 2], "low", values[rounds / 4], "high",
                   values[rounds * 3 / 4]);
}

static void report(struct contender *contender, json_t *tags, const char *operation, int count)
{
  double calls = (double) rounds * count;
  json_t *line = json_pack("{ss ss si si so so sf sf}", "operation", operation, "contender",
                           contender->name, "count", count, "rounds", rounds, "nanoseconds",
                           quartiles(contender->times), "ratio", quartiles(contender->ratios),
                           "flushes", contender->flushes / calls, "writes",
                           contender->writes / calls);

  json_object_update(line, tags);
  if (strcmp(contender->device, "-") == 0) {
    json_object_del(line, "flushes");
    json_object_del(line, "writes");
  }
  json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
  putchar('\n');
  json_decref(line);
}

static void stop(struct contender *contender)
{
  int status;

  close(contender->to);
  if (waitpid(contender->pid, &status, 0) == -1 || status != 0) {
    fprintf(stderr, "race: the worker of %s failed\n", contender->name);
    exit(1);
  }
}

static void tag(json_t *tags, char *text)
{
  char *value = strchr(text, '=');

  if (value) {
    *value++ = '\0';
    json_object_set_new(tags, text, json_string(value));
  }
}

int main(int argc, char **argv)
{
  json_t *tags = json_object();
  int option, count;

  while ((option = getopt(argc, argv, "+r:w:t:")) != -1)
    if (option == 'r')
      rounds = atoi(optarg);
    else if (option == 'w')
      warm_ups = atoi(optarg);
    else if (option == 't')
      tag(tags, optarg);
    else
      return 2;
  argv += optind;
  contender_count = argc - optind - 2;
  if (contender_count < 1 || contender_count > CONTENDERS_MAX || rounds < 1) {
    fprintf(stderr, "usage: race [-r ROUNDS] [-w WARM-UPS] [-t KEY=VALUE]... OPERATION COUNT"
                    " CONTENDER...\n");
    return 2;
  }
  count = atoi(argv[1]);
  for (int i = 0; i < contender_count; i++) {
    parse(&contenders[i], argv[i + 2]);
    start(&contenders[i], argv[0], argv[1]);
  }
  for (int round = -warm_ups; round < rounds; round++)
    for (int i = 0; i < contender_count; i++)
      run(&contenders[i], round, count);
  for (int i = 0; i < contender_count; i++) {
    stop(&contenders[i]);
    report(&contenders[i], tags, argv[0], count);
  }
  json_decref(tags);
  return 0;
}
