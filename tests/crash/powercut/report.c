/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what a replay found. */
#include "report.h"
#include <err.h>
#include <stdio.h>
#include <string.h>

/* Enough to see what is wrong. */
#define MOST_SHOWN 5

/* Without a journal a call under way is not all or nothing. */
bool is_violation(const struct recording *recording, enum verdict verdict)
{
  return verdict != AS_PROMISED && !(verdict == HALF_DONE && recording->about.without_journal);
}

size_t count_violations(const struct recording *recording, const struct results *results)
{
  size_t violations = 0;
  for (size_t i = 0; i < results->count; i++)
    violations += is_violation(recording, results->outcomes[i].verdict);
  return violations;
}

void report_state(const struct recording *recording, const struct outcome *outcome)
{
  const struct mark *mark = &recording->marks[outcome->blamed];
  printf("%s, \"%s\"", verdict_names[outcome->verdict],
         mark->verb == BEGINS ? mark->text : mark->line);
  if (mark->verb != FREE_TEXT)
    printf(" in %s", recording->trees[mark->tree].name);
  printf("%s%s\n", outcome->difference[0] ? ": " : "", outcome->difference);
}

static void print_quoted(const char *text)
{
  putchar('\'');
  for (; *text != '\0'; text++)
    if (*text == '\'')
      fputs("'\\''", stdout);
    else
      putchar(*text);
  putchar('\'');
}

static void show_violation(const struct recording *recording, const struct state *state,
                           const struct outcome *outcome, const char *kept, const char *check)
{
  printf("  seed %llu, state %u:%u: ", (unsigned long long) recording->about.seed, state->position,
         state->choice);
  report_state(recording, outcome);
  if (kept == NULL)
    return;
  printf("    powercut --look %s --at %u:%u", kept, state->position, state->choice);
  if (check != NULL) {
    printf(" --check ");
    print_quoted(check);
  }
  putchar('\n');
}

void report(const struct recording *recording, const struct results *results, const char *kept,
            const char *check)
{
  size_t verdicts[VERDICTS] = {0}, shown = 0, violations = count_violations(recording, results);
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
  for (size_t i = 0; i < results->count && shown < MOST_SHOWN; i++)
    if (is_violation(recording, results->outcomes[i].verdict)) {
      show_violation(recording, &results->states[i], &results->outcomes[i], kept, check);
      shown++;
    }
  if (violations > shown)
    printf("  and %zu more\n", violations - shown);
}

void report_calls(const struct recording *recording, const struct results *results,
                  const char *file)
{
  FILE *lines = fopen(file, "ae");
  if (lines == NULL)
    err(2, "cannot write the report %s", file);
  for (size_t i = 0; i < recording->mark_count; i++) {
    const struct call_count *call = &results->calls[i];
    uint32_t bad = 0;
    for (enum verdict verdict = HALF_DONE; verdict <= UNMOUNTABLE; verdict++)
      bad += call->verdicts[verdict];
    if (recording->marks[i].verb != BEGINS && bad == 0)
      continue;
    fprintf(lines, "%s\t%s\t%u\t%u\t%u\t%u\t%u\n", recording->about.filesystem,
            recording->marks[i].text, call->states, call->verdicts[HALF_DONE],
            call->verdicts[LOST], call->verdicts[WRONG], call->verdicts[UNMOUNTABLE]);
  }
  if (fclose(lines) != 0)
    err(2, "cannot write the report %s", file);
}
