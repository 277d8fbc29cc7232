/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long random sequences of calls, by several processes at once. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chance.h"
#include "layout.h"
#include "marks.h"
#include "steps.h"
#include "traced.h"
#include "workload.h"

enum { LONGEST_BATCH = 14 };

static const struct bound bound = {
  .names = { "a", "a/b", "a/b/c", "a/d", "e", "e/b", "e/d", "f", "g", "a/f", "a/g", "a/b/f",
             "a/b/g", "a/b/c/f", "a/d/f", "e/f", "e/g", "e/b/f", "e/d/f" },
  .layout = "a/ a/b/ a/b/c/ e/ f a/f a/b/f a/b/c/f",
  .operations = "creat open fopen mkstemp tmpfile saved mkdir symlink mkfifo mknod write"
                " link unlink remove rmdir rename noreplace exchange",
};

/* The tree of one process. */
static const char *tree_of(long process)
{
  static char tree[32];

  snprintf(tree, sizeof tree, "random/%ld", process);
  return tree;
}

static void run(long process, long calls, uint64_t seed, bool batch)
{
  struct chance chance = { seed << 32 | (uint64_t) process };
  struct state state = state_of(&bound);
  long left_in_batch = 0;

  if (batch)
    go_on_traced();
  enter(tree_of(process));
  mark_files(tree_of(process), bound.layout);
  while (calls > 0) {
    struct step step = any_step(&bound, &chance);
    struct state next = state;

    if (!take(&bound, &next, step))
      continue;
    state = next;
    calls--;
    if (batch && left_in_batch == 0) {
      left_in_batch = 1 + one_of(&chance, LONGEST_BATCH);
      begin_batch(tree_of(process), text_of(&bound, step));
    }
    perform(&bound, step, tree_of(process), "");
    if (batch && (--left_in_batch == 0 || calls == 0))
      end_batch(tree_of(process));
  }
}

static int wait_for_all(void)
{
  int result = 0, status;

  while (wait(&status) != -1)
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      result = 1;
  return result;
}

int run_random(long calls, long processes, uint64_t seed, bool batch)
{
  raw_mkdir("random");
  for (long process = 1; process <= processes; process++)
    make_tree(tree_of(process), bound.layout);
  sync_all();
  for (long process = 1; process <= processes; process++)
    switch (fork()) {
      case -1: err(2, "cannot fork");
      case 0: run(process, calls, seed, batch); _exit(0);
    }
  return wait_for_all();
}

int fsync_for_ever(void)
{
  raw_mkdir("beside");
  raw_file("beside/log", "of another program");
  enter("beside");
  for (;;) {
    int fd = raw_open("log", O_WRONLY | O_APPEND);

    if (write(fd, "more\n", 5) != 5 || syscall(SYS_fsync, fd) == -1)
      err(1, "beside/log");
    close(fd);
  }
}
