/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what a replay found. */
#include "report.h"
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/escape.h"
#include "filesystem.h"
#include "status.h"

/* Enough to see what is wrong. */
#define MOST_SHOWN 5

size_t count_violations(const struct recording *recording, const struct results *results)
{
  size_t violations = 0;
  for (size_t i = 0; i < results->count; i++)
    violations += is_violation(&recording->about, results->outcomes[i].verdict);
  return violations;
}

/* What a name or a mark has of control characters would be obeyed by a terminal. */
static void print_text(FILE *file, const char *text)
{
  char *escaped = escape(text);
  fputs(escaped ? escaped : "", file);
  free(escaped);
}

const char *name_of_mark(const struct mark *mark)
{
  return mark->verb == BEGINS && *mark->text ? mark->text : mark->line;
}

void report_state(FILE *file, const struct recording *recording, const struct outcome *outcome)
{
  const struct mark *mark = &recording->marks[outcome->blamed];
  fprintf(file, "%s, \"", verdict_names[outcome->verdict]);
  print_text(file, name_of_mark(mark));
  fputs(mark->verb != FREE_TEXT ? "\" in " : "\"", file);
  print_text(file, mark->verb != FREE_TEXT ? recording->trees[mark->tree].name : "");
  fputs(outcome->difference[0] ? ": " : "", file);
  print_text(file, outcome->difference);
  putc('\n', file);
}

/* Whether the call that MARK began was under way after so many marks. */
static const char *time_of_call(const struct recording *recording, size_t mark, uint32_t marks)
{
  size_t end = mark;
  if (recording->marks[mark].verb != BEGINS)
    return "after this mark";
  while (end != NO_MARK && recording->marks[end].under_way)
    end = recording->marks[end].next;
  return end < marks ? "after the call had returned" : "while the call was under way";
}

char *describe_cut(const struct recording *recording, const struct state *state,
                   const struct outcome *outcome)
{
  char *sentence;
  size_t before = 0, all = 0;
  for (size_t i = 0; i < recording->count; i++) {
    bool is_write = recording->events[i].type == WRITE_STARTS;
    before += is_write && i < state->position;
    all += is_write;
  }
  if (asprintf(&sentence,
               "cut %s and after write %zu of %zu; the disk had kept %u of the %u blocks "
               "that were not flushed",
               time_of_call(recording, outcome->blamed, state->marks), before, all, state->kept,
               state->pending)
      == -1)
    err(FAILED, "cannot hold a sentence in memory");
  return sentence;
}

/* A word for the shell. */
static void print_word(FILE *file, const char *word)
{
  static const char plain[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-./:=@_";
  if (*word != '\0' && word[strspn(word, plain)] == '\0') {
    fputs(word, file);
    return;
  }
  putc('\'', file);
  for (; *word != '\0'; word++)
    if (*word == '\'')
      fputs("'\\''", file);
    else
      putc(*word, file);
  putc('\'', file);
}

void report_place(const struct recording *recording, bool is_mounted, const char *folder)
{
  static const char end[] = "when you have seen enough:";
  char path[4096];
  if (!is_mounted) {
    printf("the image is %s/image; %s", folder, end);
  } else {
    printf("mounted on %s/top; %s umount", folder, end);
    for (size_t i = 0; i < 1u + find_filesystem(recording->about.filesystem)->has_overlay; i++) {
      snprintf(path, sizeof path, "%s/%s", folder, i == 0 ? "top" : "below");
      putchar(' ');
      print_word(stdout, path);
    }
    fputs(" &&", stdout);
  }
  fputs(" rm -r ", stdout);
  print_word(stdout, folder);
  putchar('\n');
  fflush(stdout);
}

static void name_violation(FILE *file, const struct recording *recording, const struct state *state,
                           const struct outcome *outcome)
{
  fprintf(file, "seed %llu, state %u:%u: ", (unsigned long long) recording->about.seed,
          state->position, state->choice);
  report_state(file, recording, outcome);
}

void report_first(const struct recording *recording, const struct state *state,
                  const struct outcome *outcome)
{
  fprintf(stderr, "%s%s: a first violation was found: ", isatty(2) ? "\r\033[K" : "",
          recording->about.filesystem);
  name_violation(stderr, recording, state, outcome);
}

/* From wherever the command is given. */
static const char *own_path(void)
{
  static char path[4096];
  return realpath("/proc/self/exe", path) ? path : program_invocation_name;
}

static void show_violation(FILE *file, const struct recording *recording, const struct state *state,
                           const struct outcome *outcome, const char *kept, const char *check)
{
  char *cut = describe_cut(recording, state, outcome);
  fputs("  ", file);
  name_violation(file, recording, state, outcome);
  fprintf(file, "      %s\n", cut);
  free(cut);
  if (!kept)
    return;
  fputs("    ", file);
  print_word(file, own_path());
  fputs(" --look ", file);
  print_word(file, kept);
  fprintf(file, " --at %u:%u", state->position, state->choice);
  if (check) {
    fputs(" --check ", file);
    print_word(file, check);
  }
  putc('\n', file);
}

/* The first MOST. */
static void show_violations(FILE *file, const struct recording *recording,
                            const struct results *results, size_t most, const char *kept,
                            const char *check)
{
  for (size_t i = 0; i < results->count && most > 0; i++)
    if (is_violation(&recording->about, results->outcomes[i].verdict)) {
      show_violation(file, recording, &results->states[i], &results->outcomes[i], kept, check);
      most--;
    }
}

static void keep_violations(const struct recording *recording, const struct results *results,
                            const char *kept, const char *check)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/violations", kept);
  FILE *file = fopen(path, "we");
  if (file)
    show_violations(file, recording, results, results->count, kept, check);
  if (!file || fclose(file) != 0)
    warn("cannot write all violations into %s", path);
}

/* The head: how many states, and how many of them broke the promise. */
static void show_counts(const struct recording *recording, const struct results *results)
{
  size_t verdicts[VERDICTS] = { 0 };
  const char *filesystem = recording->about.filesystem;
  for (size_t i = 0; i < results->count; i++)
    verdicts[results->outcomes[i].verdict]++;
  printf("%s: %zu states tested, %zu distinct images, %zu violations (%.0f states a second",
         filesystem, results->count, results->images, count_violations(recording, results),
         (double) results->count / results->seconds);
  if (results->positions < results->all_positions)
    printf("; at %zu of %zu positions", results->positions, results->all_positions);
  puts(")");
  if (results->count > verdicts[AS_PROMISED])
    printf("%s: lost %zu, wrong %zu, unmountable %zu, half done %zu%s\n", filesystem,
           verdicts[LOST], verdicts[WRONG], verdicts[UNMOUNTABLE], verdicts[HALF_DONE],
           recording->about.without_journal ? " (no violation without a journal)" : "");
}

static void show_notes(const struct recording *recording)
{
  for (size_t i = 0; i < recording->note_count; i++) {
    printf("%s: not judged: ", recording->about.filesystem);
    print_text(stdout, recording->notes[i]);
    putchar('\n');
  }
}

void report(const struct recording *recording, const struct results *results, const char *kept,
            const char *check)
{
  size_t violations = count_violations(recording, results);
  show_counts(recording, results);
  show_notes(recording);
  show_violations(stdout, recording, results, MOST_SHOWN, kept, check);
  if (violations > MOST_SHOWN)
    printf("  and %zu more%s%s%s\n", violations - MOST_SHOWN, kept ? ": see " : "",
           kept ? kept : "", kept ? "/violations" : "");
  if (kept)
    keep_violations(recording, results, kept, check);
}

FILE *report_open(const char *file)
{
  FILE *lines = fopen(file, "ae");
  if (!lines)
    err(FAILED, "cannot write the report %s", file);
  return lines;
}

void report_calls(const struct recording *recording, const struct results *results,
                  const char *file)
{
  FILE *lines = report_open(file);
  for (size_t i = 0; i < recording->mark_count; i++) {
    const struct call_count *call = &results->calls[i];
    uint32_t bad = 0;
    for (enum verdict verdict = HALF_DONE; verdict <= UNMOUNTABLE; verdict++)
      bad += call->verdicts[verdict];
    if (recording->marks[i].verb != BEGINS && bad == 0)
      continue;
    fprintf(lines, "%s\t", recording->about.filesystem);
    print_text(lines, name_of_mark(&recording->marks[i]));
    fprintf(lines, "\t%u\t%u\t%u\t%u\t%u\n", call->states, call->verdicts[HALF_DONE],
            call->verdicts[LOST], call->verdicts[WRONG], call->verdicts[UNMOUNTABLE]);
  }
  if (fclose(lines) != 0)
    err(FAILED, "cannot write the report %s", file);
}
