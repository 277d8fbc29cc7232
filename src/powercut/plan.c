/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the cuts of a recording.  An image is built for its hash alone here, and
 * mounted later, once for all the states that share it. */
#include "plan.h"
#include <err.h>
#include <stdlib.h>
#include "choice.h"
#include "status.h"

static void *reserve(size_t count, size_t size)
{
  void *memory = calloc(count + 1, size);
  if (!memory)
    err(FAILED, "cannot hold the plan of the cuts in memory");
  return memory;
}

/* Only these change what may be on the disk, or what was promised of it.  The
 * end of a write matters where it means that the data is safe. */
static bool is_cut(const struct recording *recording, const struct event *event)
{
  bool cached = recording->about.choices > 0;
  return event->type == MARK || event->type == (cached ? FLUSH_ENDS : WRITE_ENDS)
      || (cached && event->type == WRITE_STARTS);
}

/* Before the first mark nothing was promised. */
static uint32_t *list_positions(const struct recording *recording, size_t *count)
{
  uint32_t *positions = reserve(recording->count, sizeof *positions);
  *count = 0;
  for (uint32_t i = recording->marks[0].event; i < recording->count; i++)
    if (is_cut(recording, &recording->events[i]))
      positions[(*count)++] = i + 1;
  return positions;
}

static int ascending(const void *left, const void *right)
{
  uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
  return (a > b) - (a < b);
}

static void choose_positions(uint32_t *positions, size_t *count, size_t wanted, uint64_t seed)
{
  if (wanted == 0 || wanted >= *count)
    return;
  for (size_t i = 0; i < wanted; i++) {
    size_t other = i + next_random(&seed) % (*count - i);
    uint32_t position = positions[i];
    positions[i] = positions[other];
    positions[other] = position;
  }
  *count = wanted;
  qsort(positions, wanted, sizeof *positions, ascending);
}

/* Without pending writes every choice is the same. */
static uint32_t choices_here(const struct disk *disk)
{
  uint32_t choices = disk->recording->about.choices;
  return choices == 0 || disk->pending_count == 0 ? 1 : disk->pending_count == 1 ? 2 : 2 + choices;
}

/* Makes room for the states at all positions.  STARTS gets the index of the first of
 * each, and one more. */
static void count_states(struct plan *plan, const struct start *start, const uint32_t *positions,
                         size_t count, size_t *starts)
{
  struct disk disk = open_disk(start, -1);
  for (size_t i = 0; i < count; i++) {
    move_disk(&disk, positions[i]);
    starts[i] = plan->count;
    plan->count += choices_here(&disk);
  }
  starts[count] = plan->count;
  plan->states = reserve(plan->count, sizeof *plan->states);
  close_disk(&disk);
}

/* The states of one choice, each image from the one before it. */
static void list_choice(struct plan *plan, const struct start *start, const uint32_t *positions,
                        size_t count, const size_t *starts, uint32_t choice)
{
  const struct recording *recording = start->recording;
  uint32_t marks = 0;
  struct disk disk = open_disk(start, -1);
  for (size_t i = 0; i < count; i++) {
    while (marks < recording->mark_count && recording->marks[marks].event < positions[i])
      marks++;
    if (starts[i] + choice >= starts[i + 1])
      continue;
    move_disk(&disk, positions[i]);
    plan->states[starts[i] + choice] = (struct state) {
      .image = show_image(&disk, choice),
      .position = positions[i],
      .choice = choice,
      .marks = marks,
      .pending = (uint32_t) disk.pending_count,
      .kept = (uint32_t) disk.kept_count,
    };
  }
  close_disk(&disk);
}

static void list_states(struct plan *plan, const struct start *start, const uint32_t *positions,
                        size_t count)
{
  size_t *starts = reserve(count, sizeof *starts);
  count_states(plan, start, positions, count, starts);
  for (uint32_t choice = 0; choice < 2 + start->recording->about.choices; choice++)
    list_choice(plan, start, positions, count, starts, choice);
  free(starts);
}

/* What qsort compares by. */
static const struct state *sorted_states;

static int by_image(const void *left, const void *right)
{
  uint64_t a = sorted_states[*(const uint32_t *) left].image;
  uint64_t b = sorted_states[*(const uint32_t *) right].image;
  return a == b ? ascending(left, right) : (a > b) - (a < b);
}

/* An image differs least from that of the same choice one position before. */
static int by_choice(const void *left, const void *right)
{
  const uint32_t *first = ((const struct group *) left)->members;
  const uint32_t *second = ((const struct group *) right)->members;
  uint32_t a = sorted_states[*first].choice, b = sorted_states[*second].choice;
  return a == b ? ascending(first, second) : (a > b) - (a < b);
}

static void group_states(struct plan *plan)
{
  plan->order = reserve(plan->count, sizeof *plan->order);
  plan->groups = reserve(plan->count, sizeof *plan->groups);
  for (uint32_t i = 0; i < plan->count; i++)
    plan->order[i] = i;
  sorted_states = plan->states;
  qsort(plan->order, plan->count, sizeof *plan->order, by_image);
  for (size_t i = 0; i < plan->count; i++) {
    struct group *last = &plan->groups[plan->group_count - 1];
    if (i > 0 && plan->states[plan->order[i]].image == plan->states[plan->order[i - 1]].image)
      last->count++;
    else
      plan->groups[plan->group_count++] = (struct group) { &plan->order[i], 1 };
  }
  qsort(plan->groups, plan->group_count, sizeof *plan->groups, by_choice);
}

struct plan plan_cuts(const struct start *start, uint32_t random_cuts)
{
  const struct recording *recording = start->recording;
  struct plan plan = { 0 };
  uint32_t *positions = list_positions(recording, &plan.all_positions);
  plan.positions = plan.all_positions;
  choose_positions(positions, &plan.positions, random_cuts, recording->about.seed);
  list_states(&plan, start, positions, plan.positions);
  free(positions);
  group_states(&plan);
  return plan;
}
