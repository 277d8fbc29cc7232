/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts each image that a power cut may leave, once, and judges each state that
 * shares it by its own marks: equal images are not equal verdicts. */
#include "replay.h"
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "judgement.h"
#include "plan.h"
#include "process.h"
#include "recovery.h"
#include "status.h"

/* Shared by all workers. */
struct shared {
  size_t next;        /* image */
  size_t done;        /* states */
  size_t violation;   /* 1 and the index of the state of the first that was found; 0: none yet */
  uint64_t looked_at; /* bytes */
};

static void mount_again(struct recovery *recovery, const struct state *state)
{
  struct outcome outcome;
  undo_state(recovery, true);
  if (!mount_state(recovery, state, outcome.difference))
    errx(FAILED, "the same image was mounted, and then not: %s", outcome.difference);
}

/* All states of one image.  Its trees are read once; a check may change what it
 * judges, and gets the image anew for other marks. */
static void replay_image(struct recovery *recovery, struct judgement *judgement,
                         const struct plan *plan, const struct group *group,
                         struct outcome *outcomes)
{
  struct outcome outcome = { .verdict = UNMOUNTABLE };
  const struct state *first = &plan->states[group->members[0]];
  bool mounted = mount_state(recovery, first, outcome.difference);
  bool dumped = mounted && !judgement->check;
  if (dumped)
    find_trees(judgement, recovery->mounted.top, content_of(recovery));
  uint32_t checked = 0; /* marks; each state has some */
  for (size_t i = 0; i < group->count; i++) {
    const struct state *state = &plan->states[group->members[i]];
    if (!mounted) {
      outcome.blamed = call_of(judgement->recording, state->marks - 1);
    } else if (!judgement->check) {
      outcome = judge_trees(judgement, state);
    } else if (checked != state->marks) {
      if (checked != 0)
        mount_again(recovery, first);
      outcome = judge_by_check(judgement, recovery->mounted.top, state);
      checked = state->marks;
    }
    if (!dumped && outcome.verdict != AS_PROMISED)
      count_verdict(judgement, &outcome);
    outcomes[group->members[i]] = outcome;
  }
  if (dumped)
    forget_trees(judgement);
  undo_state(recovery, mounted);
}

static void tell(struct shared *shared, const struct recording *recording,
                 const struct group *group, const struct outcome *outcomes)
{
  for (size_t i = 0; i < group->count; i++) {
    size_t none = 0, state = group->members[i];
    if (is_violation(&recording->about, outcomes[state].verdict))
      __atomic_compare_exchange_n(&shared->violation, &none, state + 1, false, __ATOMIC_RELEASE,
                                  __ATOMIC_RELAXED);
  }
  __atomic_fetch_add(&shared->done, group->count, __ATOMIC_RELAXED);
}

/* Where the disk at the first cut is kept. */
#define IMAGE_SIZE 4096

/* Before the first mark nothing was promised, and no power is cut.  The caller removes
 * IMAGE, a file in FOLDER. */
static struct start make_start(const struct recording *recording, const char *folder, char *image)
{
  char base[4096];
  snprintf(base, sizeof base, "%s/base", recording->folder);
  snprintf(image, IMAGE_SIZE, "%s/start", folder);
  if (!copy_file(base, image))
    errx(FAILED, "cannot copy the image %s", base);
  return open_start(recording, recording->marks[0].event, image);
}

/* Each image is for the first worker that comes. */
static void work(const struct start *start, const char *image, const char *check,
                 const struct request_format *format, const struct plan *plan, unsigned worker,
                 const char *folder, struct results *results, struct shared *shared)
{
  const struct recording *recording = start->recording;
  char own[4096];
  snprintf(own, sizeof own, "%s/worker-%u", folder, worker);
  struct recovery recovery;
  open_recovery(&recovery, start, image, own, format);
  struct judgement judgement = open_judgement(recording, check, results->calls);
  for (size_t i;
       (i = __atomic_fetch_add(&shared->next, 1, __ATOMIC_RELAXED)) < plan->group_count;) {
    replay_image(&recovery, &judgement, plan, &plan->groups[i], results->outcomes);
    tell(shared, recording, &plan->groups[i], results->outcomes);
  }
  __atomic_fetch_add(&shared->looked_at, bytes_looked_at(&recovery), __ATOMIC_RELAXED);
  close_judgement(&judgement);
  close_recovery(&recovery);
}

/* Each state is of the call of the latest mark. */
static void count_states(struct results *results, const struct recording *recording)
{
  for (size_t i = 0; i < results->count; i++)
    results->calls[call_of(recording, results->states[i].marks - 1)].states++;
}

static void *share(size_t size)
{
  void *memory = mmap(NULL, size + 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    err(FAILED, "cannot share memory with the workers");
  return memory;
}

static double now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

/* A worker that got no loop device leaves its work to the others. */
static void check_worker(int status)
{
  if (WIFSIGNALED(status))
    errx(FAILED, "a worker was killed by signal %d%s", WTERMSIG(status),
         WTERMSIG(status) == SIGBUS ? ": there is no memory left for its disk" : "");
  if (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != CANNOT_RUN_HERE)
    exit(FAILED);
}

static void wait_for_workers(unsigned jobs, const struct shared *shared,
                             const struct recording *recording, const struct results *results,
                             const struct listener *listener)
{
  bool told = false;
  while (jobs > 0) {
    int status;
    pid_t worker = waitpid(-1, &status, WNOHANG);
    if (worker == -1)
      err(FAILED, "cannot wait for the workers");
    if (worker > 0) {
      check_worker(status);
      jobs--;
    } else {
      nanosleep(&(const struct timespec) { .tv_nsec = 20000000 }, NULL);
    }
    size_t violation = __atomic_load_n(&shared->violation, __ATOMIC_ACQUIRE);
    if (violation != 0 && !told)
      listener->violation(recording, &results->states[violation - 1],
                          &results->outcomes[violation - 1]);
    told = violation != 0;
    listener->progress(__atomic_load_n(&shared->done, __ATOMIC_RELAXED), results->count);
  }
  if (shared->done < results->count)
    exit(CANNOT_RUN_HERE);
}

struct results replay(const struct recording *recording, const struct cuts *cuts,
                      const char *folder, const struct listener *listener)
{
  double begin = now();
  char image[IMAGE_SIZE];
  struct start start = make_start(recording, folder, image);
  struct plan plan = plan_cuts(&start, cuts->random);
  struct results results = { .states = plan.states,
                             .count = plan.count,
                             .images = plan.group_count,
                             .positions = plan.positions,
                             .all_positions = plan.all_positions,
                             .outcomes = share(plan.count * sizeof *results.outcomes),
                             .calls = share(recording->mark_count * sizeof *results.calls) };
  struct shared *shared = share(sizeof *shared);
  char trace[4096];
  snprintf(trace, sizeof trace, "%s/trace", folder);
  const struct request_format format = find_request_format(trace);
  bool alone = !can_mount_copies(find_filesystem(recording->about.filesystem));
  unsigned jobs = alone ? 1 : cuts->jobs;
  if (jobs > plan.group_count)
    jobs = (unsigned) plan.group_count;
  for (unsigned worker = 0; worker < jobs; worker++) {
    pid_t child = fork();
    if (child == -1)
      err(FAILED, "cannot start a worker");
    if (child == 0) {
      work(&start, image, cuts->check, &format, &plan, worker, folder, &results, shared);
      _exit(0);
    }
  }
  wait_for_workers(jobs, shared, recording, &results, listener);
  results.looked_at = shared->looked_at;
  munmap(shared, sizeof *shared + 1);
  close_start(&start);
  unlink(image);
  count_states(&results, recording);
  free(plan.order);
  free(plan.groups);
  results.seconds = now() - begin;
  return results;
}

void free_results(struct results *results, const struct recording *recording)
{
  free(results->states);
  munmap(results->outcomes, results->count * sizeof *results->outcomes + 1);
  munmap(results->calls, recording->mark_count * sizeof *results->calls + 1);
}

struct outcome replay_one(const struct recording *recording, uint32_t position, uint32_t choice,
                          const char *check, const char *folder,
                          void (*place)(const struct recording *, bool is_mounted,
                                        const char *folder))
{
  struct state state = { .position = position, .choice = choice };
  struct outcome outcome = { .verdict = UNMOUNTABLE };
  while (state.marks < recording->mark_count && recording->marks[state.marks].event < position)
    state.marks++;
  if (position > recording->count || state.marks == 0)
    errx(FAILED, "the recording in %s has no state %u:%u", recording->folder, position, choice);
  outcome.blamed = call_of(recording, state.marks - 1);
  char image[IMAGE_SIZE];
  if (mkdir(folder, 0700) == -1)
    err(FAILED, "cannot make the directory %s", folder);
  struct start start = make_start(recording, folder, image);
  struct recovery recovery;
  open_recovery(&recovery, &start, image, folder, &(const struct request_format) { 0 });
  unlink(image);
  struct call_count *calls = share(recording->mark_count * sizeof *calls);
  struct judgement judgement = open_judgement(recording, check, calls);
  bool is_mounted = mount_state(&recovery, &state, outcome.difference);
  place(recording, is_mounted, folder);
  if (is_mounted && check) {
    outcome = judge_by_check(&judgement, recovery.mounted.top, &state);
  } else if (is_mounted) {
    find_trees(&judgement, recovery.mounted.top, content_of(&recovery));
    outcome = judge_trees(&judgement, &state);
  }
  close_judgement(&judgement);
  close_recovery(&recovery);
  close_start(&start);
  return outcome;
}
