/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a program would be protected: by the library that it is linked with, or
 * by the one that is put in front of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "core/text.h"
#include "installed.h"
#include "judge.h"
#include "library.h"
#include "secure.h"
#include "settings.h"

#define LINK_IT "link it with -lsyncdir"
#define OR_DIRSYNC ", or mount its directories with dirsync if they lie on ext2, ext3, ext4 or xfs"

static void judge_settings(struct report *report)
{
  const char *off = getenv("SYNCDIR"), *only = getenv("SYNCDIR_ONLY");
  const char *data = getenv("SYNCDIR_DATA");
  const char *wrong = only && report->subject ? wrong_with_only(only) : NULL;

  if (wrong)
    find(report, SAFE, "SYNCDIR_ONLY is not used, for %s: everything is flushed", wrong);
  if (off && strcmp(off, "off") == 0)
    find(report, UNSAFE, "SYNCDIR=off in the environment switches the library off; unset it");
  if (data && strcmp(data, "off") == 0)
    find(report, SAFE, "SYNCDIR_DATA=off in the environment: the bytes of a file that is renamed "
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

/* The names in SET, a space before each. */
static const char *names_in(const bool set[wrapped_count], char *names, size_t size)
{
  struct text list = empty_text(names, size);

  for (int i = 0; i < wrapped_count; i++)
    if (set[i]) {
      add_string(&list, " ");
      add_string(&list, wrapped_names[i]);
    }
  return names;
}

/* What only a report has room for. */
static void describe(struct report *report, const char *file, const struct object *object)
{
  char names[1024];

  if (!report->subject)
    return;
  names_in(object->imports, names, sizeof names);
  if (*object->loader && *names)
    find(report, SAFE, "%s imports what is wrapped:%s", file, names);
  else if (*object->loader)
    find(report, SAFE, "%s itself imports nothing that is wrapped; its libraries may", file);
  if (object->raw_calls)
    find(report, SAFE, "%s imports syscall: nobody sees what it does by that", file);
  if (object->io_uring)
    find(report, SAFE, "%s uses io_uring: nobody sees what it does by that", file);
}

/* A wrapped call that comes from the C library although others come from the
 * archive; -1 if there is none.  The archive has no freopen. */
static int passed_over(const struct object *object)
{
  for (int i = 0; i < wrapped_count; i++)
    if (object->imports[i] && i != wrapped_freopen && i != wrapped_freopen64)
      return i;
  return -1;
}

static bool is_linked_with(struct report *report, const char *file, const struct object *object)
{
  int missing = passed_over(object);

  if (object->needs_library) {
    find(report, SAFE, "%s is linked with libsyncdir.so.1", file);
    return true;
  }
  if (!*object->archived)
    return false;
  find(report, SAFE, "%s holds libsyncdir.a's%s", file, object->archived);
  if (missing != -1)
    find(report, SAFE, "%s takes %s from the C library all the same: the archive stood before the "
         "objects that call it, where it does nothing", file, wrapped_names[missing]);
  return missing == -1;
}

/* Whether a program with its own loader would load the library. */
static bool can_be_preloaded(struct report *report, const char *file,
                             const struct object *object, const struct library *library)
{
  if (!*object->loader)
    find(report, UNSAFE, "%s is static, so that nothing can be preloaded; " LINK_IT
         " (libsyncdir.a, after its objects: before them it does nothing)" OR_DIRSYNC, file);
  else if (object->class != library->object.class || object->machine != library->object.machine)
    find(report, UNSAFE, "%s is a program for another machine or word size than the library %s; "
         "link it with a libsyncdir of its own kind", file, library_path);
  else if (!same_file(object->loader, library->loader))
    find(report, UNSAFE, "%s uses another C library (its loader is %s, the library's %s); link it with "
         "a libsyncdir.a that was built for that one", file, object->loader, library->loader);
  else if (object->go)
    find(report, UNSAFE, "%s is a Go program, which makes its system calls itself, so that no library "
         "sees them; let it flush" OR_DIRSYNC, file);
  else
    return true;
  return false;
}

/* AddressSanitizer ends a program in which its runtime does not come first. */
static void judge_sanitizer(struct report *report, const char *file, const struct object *object)
{
  const char *preloaded = getenv("LD_PRELOAD");

  if (*object->sanitizer && (!preloaded || !strstr(preloaded, "libasan.so")))
    find(report, UNSAFE, "%s is built with AddressSanitizer, whose runtime must come before every "
         "preload; run it with LD_PRELOAD=%s syncdir ...", file, object->sanitizer);
}

/* The loader's rules for set-id programs: syncdir(1). */
static bool judge_secure(struct report *report, const char *file, const char *why,
                         const struct library *library)
{
  struct stat st;

  if (stat(library_path, &st) == -1 || !(st.st_mode & S_ISUID)) {
    find(report, UNSAFE, "%s is %s, so that the loader ignores preloads; " LINK_IT
         ", or install the library for set-id programs: see syncdir(1)", file, why);
    return false;
  }
  find(report, SAFE, "%s is %s, and the library is installed for that", file, why);
  shake_hands(report, library, true);
  return true;
}

/* The program that the kernel starts for PATH, in PROGRAM; false if nobody can tell. */
static bool find_program(struct report *report, const char *path, char program[PATH_MAX])
{
  switch (follow_scripts(path, program)) {
    case IS_BINARY:
      if (strcmp(path, program) != 0)
        find(report, SAFE, "%s is a script, and run by %s", path, program);
      return true;
    case CANNOT_READ:
      find(report, CANNOT_TELL, "%s cannot be read (%s), so that nobody can tell whether it can be "
           "preloaded; make it readable, or " LINK_IT, program, strerror(errno));
      return false;
    case NO_INTERPRETER:
      find(report, UNSAFE, "%s, which is to run the script %s, cannot be executed: %s; correct the "
           "script's #! line", program, path, strerror(errno));
      return false;
    default:
      find(report, CANNOT_TELL, "%s is neither an ELF program nor a script with a #! line, so that "
           "nobody can tell what runs it; name its interpreter as the command", program);
      return false;
  }
}

/* Finds out about the file: all that can be told of it without its being run. */
static bool read_program(struct report *report, const char *file, struct object *object)
{
  const char *wrong = read_object(file, object);

  if (wrong) {
    find(report, CANNOT_TELL, "%s cannot be looked into: %s; " LINK_IT, file, wrong);
    return false;
  }
  /* A look at the whole file, which costs. */
  if (report->subject || !*object->loader || why_secure(file))
    read_archived(file, object);
  return true;
}

bool is_linked(struct report *report, const char *file)
{
  struct object object;

  return read_program(report, file, &object) && is_linked_with(report, file, &object);
}

bool judge_program(struct report *report, const char *path)
{
  char program[PATH_MAX];
  struct object object;
  struct library library;
  const char *why;
  bool linked;

  judge_settings(report);
  if (!find_program(report, path, program) || !read_program(report, program, &object))
    return false;
  describe(report, program, &object);
  linked = is_linked_with(report, program, &object);
  why = why_secure(program);
  if (linked && (why || !*object.loader))
    return false;
  if (!examine_library(report, &library)
      || !can_be_preloaded(report, program, &object, &library))
    return false;
  judge_sanitizer(report, program, &object);
  if (why)
    return judge_secure(report, program, why, &library);
  examine_order(report);
  shake_hands(report, &library, false);
  return false;
}
