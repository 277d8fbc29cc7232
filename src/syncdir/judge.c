/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a program would be protected: by the library that it is linked with, or
 * by the one that is put in front of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "installed.h"
#include "judge.h"
#include "library.h"
#include "preflight.h"
#include "program_calls.h"
#include "secure.h"
#include "starters.h"

#define LINK_IT "link it with -lsyncdir"

static void judge_settings(struct report *report)
{
  static const char *const switches[] = { "SYNCDIR", "SYNCDIR_DATA" };
  const char *off = getenv("SYNCDIR"), *only = getenv("SYNCDIR_ONLY");
  const char *data = getenv("SYNCDIR_DATA"), *auditor = getenv("LD_AUDIT");
  const char *wrong = only && report->subject ? wrong_with_only(only) : NULL;

  for (int i = 0; i < 2; i++)
    if (wrong_with_switch(switches[i]))
      note(report, SAFE, "%s=%s is not \"off\", and is taken as on", switches[i],
           getenv(switches[i]));
  if (auditor && *auditor)
    doubt(report, "LD_AUDIT=%s in the environment: an auditor may lead calls past the library",
          auditor);
  if (wrong)
    note(report, SAFE, "SYNCDIR_ONLY is not used, for %s: everything is flushed", wrong);
  else if (only)
    limit(report, only);
  if (off && strcmp(off, "off") == 0)
    note(report, UNSAFE, "SYNCDIR=off in the environment switches the library off; unset it");
  if (data && strcmp(data, "off") == 0)
    note(report, SAFE,
         "SYNCDIR_DATA=off in the environment: the bytes of a file that is renamed "
         "or linked are left to the program");
}

bool judge_installation(struct report *report)
{
  struct library library;

  judge_settings(report);
  if (!examine_library(report, &library))
    return false;
  examine_order(report);
  shake_hands(report, &library, false);
  return true;
}

/* The wrapped names in a static program that are not the archive's. */
static const char *names_past_archive(const struct object *object, char *names, size_t size)
{
  bool past[wrapped_count];

  for (int i = 0; i < wrapped_count; i++)
    past[i] = object->contains[i] && (!object->marks[i] || object->strong[i]);
  return names_in(past, names, size);
}

/* Whether the part of the archive that the program holds is enough.  The names that are not
 * the archive's are imported in a dynamic program; in a static one they are the C library's,
 * as its symbol table shows. */
static bool has_whole_archive(struct report *report, const char *file, const struct object *object)
{
  char names[1024];

  note(report, SAFE, "%s holds libsyncdir.a's%s", file,
       names_in(object->marks, names, sizeof names));
  if (*object->loader)
    names_in(object->imports, names, sizeof names);
  else
    names_past_archive(object, names, sizeof names);
  if (*names) {
    note(report, *object->loader ? SAFE : CANNOT_TELL,
         "%s still takes%s from elsewhere: the archive stood before the objects that call "
         "it, where it does nothing, or has no such function",
         file, names);
    return false;
  }
  if (!*object->loader && !object->has_symbols)
    doubt(report,
          "%s is stripped: that nothing in it calls the C library past the archive cannot be "
          "seen; check it before it is stripped",
          file);
  return true;
}

static bool is_linked_with(struct report *report, const char *file, const struct object *object,
                           bool secure)
{
  if (object->needs_library && object->needs_libc_first) {
    if (secure || report->subject)
      note(report, UNSAFE,
           "%s is linked with libsyncdir.so.1 behind the C library, which answers "
           "first, so nothing is flushed; link it with -lsyncdir before -lc",
           file);
    return false;
  }
  if (object->needs_library) {
    note(report, SAFE, "%s is linked with libsyncdir.so.1", file);
    return true;
  }
  return object->archived && has_whole_archive(report, file, object);
}

/* Whether a program with its own loader would load the library. */
static bool can_be_preloaded(struct report *report, const char *file, const struct object *object,
                             const struct library *library)
{
  if (!*object->loader)
    note(report, UNSAFE,
         "%s is static, so nothing can be preloaded; " LINK_IT
         " (libsyncdir.a, after its objects: before them it does nothing)" OR_DIRSYNC,
         file);
  else if (object->class != library->object.class || object->machine != library->object.machine)
    note(report, UNSAFE,
         "%s is a program for another machine or word size than the library %s; "
         "link it with a libsyncdir of its own kind",
         file, library_path);
  else if (!same_file(object->loader, library->loader))
    note(report, UNSAFE,
         "%s uses another C library (its loader is %s, the library's %s); link it with "
         "a libsyncdir.a that was built for that one",
         file, object->loader, library->loader);
  else if (object->go)
    note(report, UNSAFE,
         "%s is a Go program, which makes its system calls itself, so no library sees "
         "them; let it flush" OR_DIRSYNC,
         file);
  else
    return true;
  return false;
}

/* AddressSanitizer ends a program in which its runtime does not come first. */
static void judge_sanitizer(struct report *report, const char *file, const struct object *object)
{
  const char *preloaded = getenv("LD_PRELOAD");

  if (*object->sanitizer && (!preloaded || !strstr(preloaded, "libasan.so")))
    note(report, UNSAFE,
         "%s is built with AddressSanitizer, whose runtime must come before every "
         "preload; run it with LD_PRELOAD=%s syncdir ...",
         file, object->sanitizer);
}

/* The loader's rules for set-id programs: syncdir(1). */
static bool judge_secure(struct report *report, const char *file, const char *why,
                         const struct library *library)
{
  struct stat st;

  if (stat(library_path, &st) == -1 || !(st.st_mode & S_ISUID)) {
    note(report, UNSAFE,
         "%s is %s, so the loader ignores preloads; " LINK_IT
         ", or install the library for set-id programs: see syncdir(1)",
         file, why);
    return false;
  }
  note(report, SAFE, "%s is %s, and the library is installed for that", file, why);
  shake_hands(report, library, true);
  return true;
}

/* Finds the program that the kernel starts in the end; false if it cannot be found. */
static bool find_program(struct report *report, const char *path, const char *const *words,
                         struct judged *judged)
{
  struct started started;
  int error;

  find_started(path, words, &started);
  error = errno;
  strcpy(judged->program, started.program);
  switch (started.how) {
    case IS_BINARY:
      if (started.script)
        note(report, SAFE, "%s is a script, and run by %s%s", path, started.program,
             started.env ? ", which env starts" : "");
      else if (started.env)
        note(report, SAFE, "%s starts %s", path, started.program);
      return true;
    case CANNOT_READ:
      note(report, CANNOT_TELL,
           "%s cannot be read (%s), so whether it can be preloaded, or has the "
           "library inside, is unknown; make it readable to those who run it, or run it without "
           "syncdir if it is linked",
           started.program, strerror(error));
      return false;
    case NO_INTERPRETER:
      note(report, UNSAFE,
           "%s, which is to run for %s, cannot be executed: %s; correct the #! line or "
           "the command",
           started.program, *started.from ? started.from : path, strerror(error));
      return false;
    case ENVIRONMENT_CLEARED:
      note(report, UNSAFE,
           "%s clears the environment of what it starts, or takes LD_PRELOAD out: put "
           "syncdir behind it (env - ... syncdir COMMAND)",
           started.program);
      return false;
    case SWITCHED_OFF:
      note(report, UNSAFE, "%s sets SYNCDIR=off, which switches the library off; leave that out",
           started.program);
      return false;
    case LOADER_TOLD:
      note(report, CANNOT_TELL,
           "%s sets variables of the loader for the program, which was not tried "
           "with them: put syncdir behind it (env LD_...=... syncdir COMMAND)",
           started.program);
      return false;
    case ENV_NOT_READ:
      note(report, CANNOT_TELL,
           "it is not clear which program %s starts: give that program as the "
           "command",
           started.program);
      return false;
    default:
      note(report, CANNOT_TELL,
           "%s is neither an ELF program nor a script with a #! line, so what "
           "runs it is unknown; name its interpreter as the command",
           started.program);
      return false;
  }
}

static bool defines_any(const struct object *object)
{
  for (int i = 0; i < wrapped_count; i++)
    if (object->defines[i])
      return true;
  return false;
}

/* Finds out about the file all that can be known without running it. */
static bool read_program(struct report *report, const char *file, const char *shown, bool secure,
                         struct object *object)
{
  const char *wrong = read_object(file, object);

  if (wrong) {
    note(report, CANNOT_TELL, "%s cannot be looked into: %s", shown, wrong);
    return false;
  }
  if (!object->program && object->dynamic) {
    note(report, CANNOT_TELL,
         "%s is a shared library, not a program: check the program that "
         "loads it",
         shown);
    return false;
  }
  /* This reads the whole file, which takes time, so only if it is needed. */
  if (report->subject || !*object->loader || secure || defines_any(object))
    read_archived(file, object);
  return true;
}

bool is_linked(struct report *report, const char *file, const char *shown)
{
  struct object object;

  return read_program(report, file, shown, true, &object)
      && is_linked_with(report, shown, &object, true);
}

/* Root can read what others cannot, and a set-user-ID bit of root has no effect for it: a
 * verdict for root may be wrong for those who run the program. */
static void judge_users(struct report *report, const char *file, const char *why, bool linked)
{
  struct stat st;

  if (!report->subject || geteuid() != 0 || stat(file, &st) == -1)
    return;
  if (!(st.st_mode & S_IROTH) && (st.st_mode & (S_IXOTH | S_IXGRP)))
    doubt(report,
          "%s can be read by root, and not by all who run it: for them syncdir refuses it; "
          "make it readable (chmod a+r)%s",
          file,
          linked ? ", or run it without syncdir, for it is linked"
                 : ", and ask for the user who runs it: --user NAME");
  else if (((st.st_mode & (S_ISUID | S_ISGID)) || has_capabilities(file)) && !why && !linked)
    doubt(report,
          "%s is set-id or has file capabilities, which has no effect for root: ask for the "
          "user who runs it (--user NAME)",
          file);
}

/* Judges a program into which the library can be preloaded. */
static void judge_preloaded(struct report *report, const char *why, struct judged *judged,
                            const struct library *library)
{
  const char *file = judged->program;

  judge_sanitizer(report, file, &judged->object);
  if (report->verdict == SAFE || report->subject)
    judge_program_calls(report, file, file, &judged->object);
  if (starter_kind(file) == CLEARS_ENVIRONMENT)
    note(report, CANNOT_TELL,
         "%s starts another program in an environment without LD_PRELOAD: put "
         "syncdir behind it (%s ... syncdir COMMAND)",
         file, file);
  if (why) {
    judged->bare = judge_secure(report, file, why, library);
    return;
  }
  examine_order(report);
  shake_hands(report, library, false);
}

void judge_program(struct report *report, const char *path, const char *const *words,
                   struct judged *judged)
{
  struct library library;
  const char *why;

  memset(judged, 0, sizeof *judged);
  judge_settings(report);
  if (!find_program(report, path, words, judged))
    return;
  why = why_secure(judged->program);
  judged->secure = why != NULL;
  if (!read_program(report, judged->program, judged->program, judged->secure, &judged->object))
    return;
  report->starts_others = judged->object.starts_others;
  if (report->subject && *judged->object.loader)
    describe_calls(report, judged->program, &judged->object);
  judged->linked = is_linked_with(report, judged->program, &judged->object, judged->secure);
  if (*judged->object.loader)
    note_ways_past(report, judged->program, &judged->object);
  judge_users(report, judged->program, why, judged->linked);
  if (judged->linked && (why || !*judged->object.loader)) {
    if (*judged->object.loader)
      judge_program_calls(report, judged->program, judged->program, &judged->object);
    return;
  }
  if (examine_library(report, &library)
      && can_be_preloaded(report, judged->program, &judged->object, &library))
    judge_preloaded(report, why, judged, &library);
}
