/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a program would be protected, with the libraries that it loads at its start:
 * what its loader says of them. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "syncdir/ask.h"
#include "check.h"
#include "syncdir/copies.h"
#include "syncdir/installed.h"
#include "syncdir/judge.h"
#include "syncdir/library.h"
#include "parts.h"
#include "syncdir/program_calls.h"

/* The libraries in the order of loading, while they are read: the first that has a function
 * answers a call. */
struct scope {
  struct report *report;
  const struct judged *judged;
  bool library, libc; /* have been passed */
};

/* The loader preloads nothing into a set-id program: its libraries call the C library, or the
 * part of the archive that the program exports. */
static void judge_library_of_archive(struct scope *scope, const char *file)
{
  struct object library;
  const struct object *program = &scope->judged->object;

  if (read_object(file, &library)) {
    doubt(scope->report, "%s cannot be read", file);
    return;
  }
  for (int i = 0; i < wrapped_count; i++)
    if (library.imports[i] && !program->defines[i]) {
      doubt(scope->report,
            "%s calls %s, and that is the C library's, not the one of libsyncdir.a in "
            "the program",
            file, wrapped_names[i]);
      return;
    }
}

/* In a program that is linked with our library nothing is tried out. */
static void judge_library_before_ours(struct scope *scope, const char *file)
{
  struct object library;

  if (read_object(file, &library)) {
    doubt(scope->report, "%s cannot be read", file);
    return;
  }
  for (int i = 0; i < wrapped_count; i++)
    if (library.defines[i]) {
      doubt(scope->report,
            "%s is loaded before the library and has a function %s itself, which is called instead",
            file, wrapped_names[i]);
      return;
    }
}

static void judge_our_library(struct scope *scope, const char *file)
{
  if (scope->libc)
    note(scope->report, UNSAFE,
         "%s is loaded behind the C library, whose functions are called instead: "
         "nothing is flushed",
         file);
  else if (!same_file(file, library_path) && !same_bytes(file, library_path))
    doubt(scope->report, "%s is loaded, which is neither the library %s nor a copy of it", file,
          library_path);
}

/* A library after ours may call its own function internally, which passes ours by.  The
 * handshake has tried those before ours. */
static void note_its_own_functions(struct report *report, const char *file,
                                   const struct object *library)
{
  for (int i = 0; i < wrapped_count; i++)
    if (library->defines[i]) {
      doubt(report, "%s has a function %s itself: when it calls that, the library is not called",
            file, wrapped_names[i]);
      return;
    }
}

static void note_what_it_does_later(struct report *report, const char *file, bool behind)
{
  struct object library;

  if (read_object(file, &library)) {
    doubt(report, "%s cannot be read", file);
    return;
  }
  if (behind)
    note_its_own_functions(report, file, &library);
  report->starts_others |= library.starts_others;
  note_lookups(report, file, &library);
}

/* One library, by NAME, from FILE. */
static void judge_library(struct scope *scope, const char *name, const char *file)
{
  bool secure = scope->judged->secure;

  if (strncmp(name, "libsyncdir.so", 13) == 0) {
    judge_our_library(scope, file);
    scope->library = true;
  } else if (is_libc_name(name)) {
    scope->libc = true;
  }
  if (strncmp(name, "libsyncdir.so", 13) == 0 || is_installed_part(name, file))
    return;
  if (secure && !scope->library && scope->judged->object.needs_library)
    judge_library_before_ours(scope, file);
  judge_own_calls(scope->report, file, file, false);
  note_what_it_does_later(scope->report, file, scope->library);
  if (secure && scope->judged->linked && scope->judged->object.archived)
    judge_library_of_archive(scope, file);
}

/* "NAME => FILE (ADDRESS)", or "FILE (ADDRESS)" of a path. */
static void take_line(struct scope *scope, char *line)
{
  char *name = line + strspn(line, " \t"), *arrow = strstr(name, " => "), *file, *end;

  file = arrow ? arrow + 4 : name;
  if (arrow)
    *arrow = '\0';
  if (strncmp(file, "not found", 9) == 0) {
    note(scope->report, UNSAFE, "the loader does not find %s, which it needs", name);
    return;
  }
  end = strrchr(file, '(');
  /* The kernel's own object, the vDSO, has a name and no path. */
  if (!*line || (end && end > file && !strchr(file, '/')))
    return;
  if (!end || end == file) {
    doubt(scope->report, "the loader printed a line about its libraries that is not understood: %s",
          line);
    return;
  }
  end[-1] = '\0';
  name = strrchr(arrow ? name : file, '/') ? strrchr(arrow ? name : file, '/') + 1 : name;
  judge_library(scope, name, file);
}

/* The loader lists one library on a line: a folder with an end of line in its name could hide
 * one. */
static bool may_hide_lines(const struct judged *judged)
{
  static const char *const variables[] = { "LD_PRELOAD", "LD_LIBRARY_PATH" };
  char real[PATH_MAX];
  bool hide = !realpath(judged->program, real) || strchr(real, '\n') || !getcwd(real, sizeof real)
           || strchr(real, '\n');

  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
    hide |= getenv(variables[i]) && strchr(getenv(variables[i]), '\n');
  return hide;
}

static void judge_libraries(struct report *report, const struct judged *judged)
{
  char program[PATH_MAX];
  /* For the kernel, $ORIGIN is the folder of the file that a link leads to. */
  char *const list[] = { (char *) judged->object.loader, "--list",
                         realpath(judged->program, program) ? program : (char *) judged->program,
                         NULL };
  struct scope scope = { .report = report, .judged = judged };
  char answer[65536], *rest = answer;
  int error = ask(list, judged->secure ? NULL : preload_value(false), answer, sizeof answer);

  if (may_hide_lines(judged))
    doubt(report,
          "its libraries cannot be found out: the path of %s, the working directory, LD_PRELOAD "
          "or LD_LIBRARY_PATH has an end of line in it, or is not known",
          judged->program);
  if (error) {
    doubt(report, "its libraries cannot be found out: %s %s: %s", judged->object.loader,
          error == EMSGSIZE ? "lists more of them than there is room for" : "cannot be started",
          strerror(error));
    return;
  }
  for (char *line; (line = strsep(&rest, "\n"));)
    take_line(&scope, line);
  if (!scope.libc)
    doubt(report, "its libraries cannot be found out: %s --list does not name the C library",
          judged->object.loader);
  else if (!scope.library && !judged->secure)
    doubt(report, "the loader does not list the library among those of %s", judged->program);
}

void check_program(struct report *report, const char *path)
{
  struct judged judged;

  judge_program(report, path, NULL, &judged);
  /* Only our own loader is run; and if it is unsafe, more need not be known. */
  if (report->verdict == UNSAFE || !*judged.object.loader)
    return;
  if (judged.object.needs_library || judged.linked || !judged.secure)
    judge_libraries(report, &judged);
}
