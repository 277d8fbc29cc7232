/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All short sequences of calls over a few names, in the manner of CrashMonkey's
 * ACE (Mohan et al., OSDI 2018): what is wrong shows in few calls. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chance.h"
#include "layout.h"
#include "marks.h"
#include "steps.h"
#include "traced.h"
#include "workload.h"

enum { LENGTH_MAX = 5 };

/* A sequence counts if each of its calls succeeds and changes something, which
 * the model of steps.h says, and if no directory is moved to where a name below
 * it would be none of these. */
static const struct bound bound = {
  .names = { "A", "A/C", "B", "foo", "bar", "A/foo", "A/bar", "B/foo", "B/bar" },
  .layout = "A/ A/C/ B/ foo A/foo",
  .operations = "creat saved mkdir symlink mkfifo write link unlink rmdir rename exchange",
};

static struct step steps[STEPS_MAX];
static int steps_count;

/* A walk through all sequences of LENGTH, in order. */
struct walk {
  long length, number;
  struct step taken[LENGTH_MAX];
  void (*visit)(const struct walk *walk, void *context);
  void *context;
};

static void walk_on(struct walk *walk, long depth, const struct state *state)
{
  struct state next;

  if (depth == walk->length) {
    if (walk->visit)
      walk->visit(walk, walk->context);
    walk->number++;
    return;
  }
  for (int i = 0; i < steps_count; i++) {
    next = *state;
    walk->taken[depth] = steps[i];
    if (take(&bound, &next, steps[i]))
      walk_on(walk, depth + 1, &next);
  }
}

/* Returns how many there are. */
static long walk(struct walk walk)
{
  struct state start = state_of(&bound);

  if (walk.length < 1 || walk.length > LENGTH_MAX)
    errx(2, "a length of %ld: from 1 to %d can be had", walk.length, LENGTH_MAX);
  steps_count = steps_of(&bound, steps);
  walk_on(&walk, 0, &start);
  return walk.number;
}

long count_sequences(long length)
{
  return walk((struct walk) { .length = length });
}

/* Those of a choice, and what to do with them. */
struct chosen {
  const struct choice *choice;
  long total, count;
  struct chance chance;
  void (*act)(const struct walk *walk);
};

/* Of a sample each has the same chance, and their number is as asked for
 * (Knuth, The Art of Computer Programming, 3.4.2 S). */
static bool is_chosen(struct chosen *chosen, long number)
{
  const struct choice *choice = chosen->choice;

  if (choice->sample == 0)
    return number >= choice->from && number - choice->from < choice->count;
  return one_of(&chosen->chance, chosen->total - number) < choice->sample - chosen->count;
}

static void visit_if_chosen(const struct walk *walk, void *context)
{
  struct chosen *chosen = context;

  if (!is_chosen(chosen, walk->number))
    return;
  chosen->count++;
  chosen->act(walk);
}

/* Returns how many were chosen. */
static long each_chosen(const struct choice *choice, long total,
                        void (*act)(const struct walk *walk))
{
  struct chosen chosen = {
    .choice = choice,
    .total = total,
    .chance = { choice->seed },
    .act = act,
  };

  walk((struct walk) { choice->length, .visit = visit_if_chosen, .context = &chosen });
  return chosen.count;
}

/* "link(foo, bar), unlink(foo)" */
static const char *text_of_sequence(const struct walk *walk)
{
  static char text[LENGTH_MAX * 64];
  size_t length = 0;

  for (long i = 0; i < walk->length; i++)
    length += snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? ", " : "",
                       text_of(&bound, walk->taken[i]));
  return text;
}

static const char *tree_of(const struct walk *walk)
{
  static char tree[64];

  snprintf(tree, sizeof tree, "sequences/%ld", walk->number);
  return tree;
}

static void prepare(const struct walk *walk)
{
  make_tree(tree_of(walk), bound.layout);
}

static void run(const struct walk *walk)
{
  const char *tree = tree_of(walk);
  char context[LENGTH_MAX * 64 + 2];

  snprintf(context, sizeof context, "%s: ", text_of_sequence(walk));
  enter(tree);
  mark_files(tree, bound.layout);
  for (long i = 0; i < walk->length; i++)
    perform(&bound, walk->taken[i], tree, context);
  enter("../..");
}

/* The same as one batch. */
static void run_batch(const struct walk *walk)
{
  const char *tree = tree_of(walk), *text = text_of_sequence(walk);

  enter(tree);
  mark_files(tree, bound.layout);
  begin_batch(tree, text);
  for (long i = 0; i < walk->length; i++)
    perform(&bound, walk->taken[i], tree, "");
  end_batch(tree);
  enter("../..");
}

int run_sequences(const struct choice *choice)
{
  long total = count_sequences(choice->length), count;

  raw_mkdir("sequences");
  each_chosen(choice, total, prepare);
  sync_all();
  if (choice->batch)
    go_on_traced();
  count = each_chosen(choice, total, choice->batch ? run_batch : run);
  fprintf(stderr, "%ld of %ld sequences of length %ld", count, total, choice->length);
  fprintf(stderr, " of %s over", bound.operations);
  for (int i = 0; bound.names[i]; i++)
    fprintf(stderr, " %s", bound.names[i]);
  fprintf(stderr, ", from %s\n", bound.layout);
  return 0;
}

static void list(const struct walk *walk)
{
  printf("%ld %s\n", walk->number, text_of_sequence(walk));
}

void list_sequences(const struct choice *choice)
{
  each_chosen(choice, count_sequences(choice->length), list);
}
