/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as one object of JSON, on one line. */
#include <limits.h>
#include <string.h>
#include <sys/wait.h>

#include "common/json.h"
#include "language.h"
#include "notes.h"
#include "report.h"

static void print_string(FILE *file, const char *name, const char *value)
{
  fprintf(file, "\"%s\": ", name);
  if (value)
    print_json_string(file, value);
  else
    fputs("null", file);
}

static void print_stack(FILE *file, const struct stack *stack)
{
  fputs("\"stack\": [", file);
  for (size_t i = 0; i < stack->count; i++) {
    const struct frame *frame = &stack->frames[i];

    fputs(i ? ", {" : "{", file);
    print_string(file, "function", frame->function);
    fputs(", ", file);
    print_string(file, "file", frame->file);
    fprintf(file, ", \"line\": %d, ", frame->line);
    print_string(file, "object", frame->object);
    putc('}', file);
  }
  putc(']', file);
}

static void print_finding(FILE *file, const struct change *change, enum fault fault)
{
  const struct language *language = language_of(change->stack);
  char text[3 * PATH_MAX];

  putc('{', file);
  print_string(file, "fault", fault_names[fault]);
  fputs(", ", file);
  print_string(file, "path", change->path);
  fputs(", ", file);
  print_string(file, "old_path", change->old_path);
  fputs(", ", file);
  print_string(file, "call", change->call);
  fprintf(file, ", \"pid\": %d, ", (int) change->by->pid);
  print_string(file, "command", change->command);
  fputs(", ", file);
  print_string(file, "told_by", telling_of(change)->when ? telling_of(change)->how : NULL);
  fprintf(file, ", \"durable_later\": %s, \"bytes_fsynced\": %s, \"posix_only\": %s, ",
          change->durable ? "true" : "false",
          change->bytes_behind || telling_of(change)->bytes ? "false" : "true",
          fault == ONLY_POSIX ? "true" : "false");
  say_consequence(change, fault, text, sizeof text);
  print_string(file, "consequence", text);
  fputs(", ", file);
  say_remedy(change, fault, text, sizeof text);
  print_string(file, "remedy", text);
  fputs(", ", file);
  print_string(file, "language", language ? language->name : NULL);
  fputs(", ", file);
  print_stack(file, change->stack);
  putc('}', file);
}

static void print_left_out(FILE *file, const struct report *report)
{
  const char *comma = "";

  fputs("\"left_out\": {", file);
  for (enum reason reason = JUDGED + 1; reason < REASONS; reason++)
    if (report->left_out[reason]) {
      fputs(comma, file);
      print_json_string(file, reason_names[reason]);
      fprintf(file, ": %zu", report->left_out[reason]);
      comma = ", ";
    }
  putc('}', file);
}

static void print_notes(FILE *file)
{
  const char *comma = "";
  char sentence[512];

  fputs("\"notes\": [", file);
  for (enum note note = 0; note < NOTES; note++)
    if (was_noted(note)) {
      say_note(note, sentence, sizeof sentence);
      fputs(comma, file);
      print_json_string(file, sentence);
      comma = ", ";
    }
  putc(']', file);
}

void print_json_report(FILE *file, const struct report *report)
{
  int status = report->command_status;
  const char *comma = "";

  fputs("{\"findings\": [", file);
  for (size_t i = 0; i < report->group_count; i++)
    for (size_t j = 0; j < report->groups[i].count; j++) {
      fputs(comma, file);
      print_finding(file, report->groups[i].findings[j], report->groups[i].fault);
      comma = ", ";
    }
  fputs("], ", file);
  print_left_out(file, report);
  fprintf(file, ", \"all_seen\": %s, ", is_incomplete() ? "false" : "true");
  print_notes(file);
  if (status == -1)
    fputs(", \"command\": null", file);
  else
    fprintf(file, ", \"command\": {\"%s\": %d}", WIFSIGNALED(status) ? "signal" : "status",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
  fputs("}\n", file);
}
