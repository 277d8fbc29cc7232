/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the result as JSON. */
#include "json_report.h"
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include "common/json.h"
#include "config.h"
#include "report.h"

/* So many violations stand in the report; all of them in the file of violations. */
#define MOST_IN_JSON 100

static const char *json_path;
static char *filesystems;
static size_t filesystems_size;
static FILE *text;

static const char *const keys[VERDICTS] = { "as_promised", "half_done", "lost", "wrong",
                                            "unmountable" };

static void print_pair(FILE *file, const char *key, const char *value)
{
  fprintf(file, ",\"%s\":", key);
  print_json_string(file, value);
}

static void write_document(const char *verdict)
{
  FILE *file = fopen(json_path, "we");
  if (!file)
    err(FAILED, "cannot write the report %s", json_path);
  fprintf(file, "{\"powercut\":\"%s\",\"verdict\":\"%s\",\"filesystems\":[%s]}\n", PACKAGE_VERSION,
          verdict, filesystems ? filesystems : "");
  if (fclose(file) != 0)
    err(FAILED, "cannot write the report %s", json_path);
}

void begin_json(const char *path)
{
  json_path = path;
  write_document("failed");
}

static void print_violation(FILE *file, const struct recording *recording,
                            const struct state *state, const struct outcome *outcome,
                            const char *kept)
{
  const struct mark *mark = &recording->marks[outcome->blamed];
  fprintf(file, "{\"verdict\":\"%s\",\"position\":%u,\"choice\":%u", keys[outcome->verdict],
          state->position, state->choice);
  print_pair(file, "call", name_of_mark(mark));
  if (mark->verb != FREE_TEXT)
    print_pair(file, "tree", recording->trees[mark->tree].name);
  print_pair(file, "difference", outcome->difference);
  char *when = describe_cut(recording, state, outcome);
  print_pair(file, "cut", when);
  free(when);
  if (kept)
    print_pair(file, "recording", kept);
  putc('}', file);
}

static void print_violations(FILE *file, const struct recording *recording,
                             const struct results *results, const char *kept)
{
  size_t shown = 0;
  fputs(",\"first_violations\":[", file);
  for (size_t i = 0; i < results->count && shown < MOST_IN_JSON; i++) {
    if (!is_violation(&recording->about, results->outcomes[i].verdict))
      continue;
    fputs(shown++ > 0 ? "," : "", file);
    print_violation(file, recording, &results->states[i], &results->outcomes[i], kept);
  }
  putc(']', file);
}

static void print_notes(FILE *file, const struct recording *recording)
{
  fputs(",\"not_judged\":[", file);
  for (size_t i = 0; i < recording->note_count; i++) {
    fputs(i > 0 ? "," : "", file);
    print_json_string(file, recording->notes[i]);
  }
  putc(']', file);
}

void add_json(const struct recording *recording, const struct results *results, const char *kept)
{
  size_t verdicts[VERDICTS] = { 0 };
  for (size_t i = 0; i < results->count; i++)
    verdicts[results->outcomes[i].verdict]++;
  if (!text)
    text = open_memstream(&filesystems, &filesystems_size);
  if (!text)
    err(FAILED, "cannot hold the report in memory");
  fputs(ftell(text) > 0 ? "," : "", text);
  fprintf(text, "{\"filesystem\":\"%s\",\"seed\":%llu,\"positions\":%zu,\"all_positions\":%zu,",
          recording->about.filesystem, (unsigned long long) recording->about.seed,
          results->positions, results->all_positions);
  fprintf(text, "\"states\":%zu,\"images\":%zu,\"seconds\":%.3f,\"bytes_looked_at\":%llu,",
          results->count, results->images, results->seconds,
          (unsigned long long) results->looked_at);
  fprintf(text, "\"violations\":%zu,\"verdicts\":{", count_violations(recording, results));
  for (enum verdict verdict = AS_PROMISED; verdict < VERDICTS; verdict++)
    fprintf(text, "%s\"%s\":%zu", verdict > 0 ? "," : "", keys[verdict], verdicts[verdict]);
  putc('}', text);
  print_violations(text, recording, results, kept);
  print_notes(text, recording);
  putc('}', text);
  if (fflush(text) != 0)
    err(FAILED, "cannot hold the report in memory");
}

void end_json(enum status status)
{
  static const char *const verdicts[] = {
    [NOTHING_LOST] = "nothing lost", [VIOLATIONS] = "violations", [CANNOT_TELL] = "cannot tell"
  };
  write_document(verdicts[status]);
}
