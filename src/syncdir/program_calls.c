/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program calls, and what leads past the library. */
#include "core/text.h"
#include "elf/own_calls.h"
#include "program_calls.h"
#include "starters.h"

const char *names_in(const bool set[wrapped_count], char *names, size_t size)
{
  struct text list = empty_text(names, size);

  for (int i = 0; i < wrapped_count; i++)
    if (set[i]) {
      add_string(&list, " ");
      add_string(&list, wrapped_names[i]);
    }
  return names;
}

void note_lookups(struct report *report, const char *file, const struct object *object)
{
  report->loads_others |= object->loads_others;
  if (object->loads_others)
    note(report, SAFE, "%s imports dlopen: what it loads later was not looked at", file);
  if (object->names_libc)
    doubt(report,
          "%s imports dlsym, and has the name of the C library's file, or of its syscall(): "
          "what it looks up there does not come to the library",
          file);
  else if (object->looks_up)
    note(report, SAFE, "%s imports dlsym: which functions it looks up was not looked at", file);
}

void note_ways_past(struct report *report, const char *file, const struct object *object)
{
  char names[1024];

  names_in(object->archived ? object->strong : object->defines, names, sizeof names);
  if (*names)
    warn(report,
         "%s has functions of its own that answer before the library, and whether they call "
         "it was not tried:%s",
         file, names);
  if (object->audited)
    warn(report,
         "%s brings an auditor of the loader (DT_AUDIT), which may lead calls past the "
         "library",
         file);
  if (object->io_uring)
    warn(report, "%s uses io_uring: the library does not see what it does by that", file);
  if (object->dovecot || starter_kind(file) == KEEPS_WHAT_IS_LISTED)
    warn(report,
         "%s starts itself or other programs with only those variables that its "
         "configuration lists (import_environment, keep_environment): list LD_PRELOAD there, and "
         "check the running process",
         file);
}

void describe_calls(struct report *report, const char *file, const struct object *object)
{
  char names[1024];

  names_in(object->imports, names, sizeof names);
  if (*names)
    note(report, SAFE, "%s imports wrapped functions:%s", file, names);
  else
    note(report, SAFE, "%s imports no wrapped function itself; its libraries may", file);
  note_lookups(report, file, object);
  if (starter_kind(file) == STARTS_ANOTHER || starter_kind(file) == IS_ENV)
    doubt(report, "%s starts another program, which was not looked at: check that one", file);
  else if (object->starts_others)
    note(report, SAFE, "%s can start other programs, which were not looked at", file);
}

void judge_own_calls(struct report *report, const char *file, const char *shown, bool is_program)
{
  struct own_calls calls;
  const char *wrong = find_own_calls(file, &calls), *how;
  bool sees_changes = *calls.names || calls.unknown;

  how = calls.by_instruction ? "has system call instructions of its own" : "calls syscall()";
  if (wrong)
    doubt(report, "%s may make system calls by itself, which the library does not see: %s", shown,
          wrong);
  else if (!sees_changes && (calls.by_instruction || calls.by_function))
    note(report, SAFE, "%s %s, but for nothing that changes a directory", shown, how);
  else if (sees_changes && is_program && (calls.by_instruction || *calls.names))
    note(report, CANNOT_TELL,
         "%s %s (%s), which the library does not see; let it call the C "
         "library's functions, or let it flush" OR_DIRSYNC,
         shown, how, *calls.names ? calls.names : "with numbers that are not constants");
  else if (sees_changes)
    doubt(report, "%s %s (%s), which the library does not see", shown, how,
          *calls.names ? calls.names : "with numbers that are not constants");
}

void judge_program_calls(struct report *report, const char *file, const char *shown,
                         const struct object *object)
{
  if (object->archived)
    note(report, SAFE,
         "%s has system call instructions: those of libsyncdir.a, and others cannot be "
         "told from them",
         shown);
  else
    judge_own_calls(report, file, shown, true);
}
