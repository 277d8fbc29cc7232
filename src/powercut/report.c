/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what a replay found. */
#include "report.h"
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "filesystem.h"

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
  for (; *text != '\0'; text++)
    putc(iscntrl((unsigned char) *text) ? '?' : *text, file);
}

/* What a mark is known by: a call that has a name by that, others by their line. */
static const char *name_of(const struct mark *mark)
{
  return mark->verb == BEGINS && *mark->text ? mark->text : mark->line;
}

void report_state(FILE *file, const struct recording *recording, const struct outcome *outcome)
{
  const struct mark *mark = &recording->marks[outcome->blamed];
  fprintf(file, "%s, \"", verdict_names[outcome->verdict]);
  print_text(file, name_of(mark));
  fputs(mark->verb != FREE_TEXT ? "\" in " : "\"", file);
  print_text(file, mark->verb != FREE_TEXT ? recording->trees[mark->tree].name : "");
  fputs(outcome->difference[0] ? ": " : "", file);
  print_text(file, outcome->difference);
  putc('\n', file);
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
  fputs("  ", file);
  name_violation(file, recording, state, outcome);
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

void report(const struct recording *recording, const struct results *results, const char *kept,
            const char *check)
{
  size_t verdicts[VERDICTS] = { 0 }, violations = count_violations(recording, results);
  for (size_t i = 0; i < results->count; i++)
    verdicts[results->outcomes[i].verdict]++;
  printf("%s: %zu states tested, %zu distinct images, %zu violations (%.0f states a second)\n",
         recording->about.filesystem, results->count, results->images, violations,
         (double) results->count / results->seconds);
  if (results->count > verdicts[AS_PROMISED])
    printf("%s: lost %zu, wrong %zu, unmountable %zu, half done %zu%s\n",
           recording->about.filesystem, verdicts[LOST], verdicts[WRONG], verdicts[UNMOUNTABLE],
           verdicts[HALF_DONE],
           recording->about.without_journal ? " (no violation without a journal)" : "");
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
    err(2, "cannot write the report %s", file);
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
    print_text(lines, name_of(&recording->marks[i]));
    fprintf(lines, "\t%u\t%u\t%u\t%u\t%u\n", call->states, call->verdicts[HALF_DONE],
            call->verdicts[LOST], call->verdicts[WRONG], call->verdicts[UNMOUNTABLE]);
  }
  if (fclose(lines) != 0)
    err(2, "cannot write the report %s", file);
}
