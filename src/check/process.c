/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the library protects a running process and its children.  That it is mapped is not
 * enough: it must come before the C library in the loader's list.  If a plugin has brought
 * it, it comes after. */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "common/path.h"
#include "syncdir/copies.h"
#include "environment.h"
#include "syncdir/installed.h"
#include "syncdir/judge.h"
#include "syncdir/library.h"
#include "loaded.h"
#include "mapped.h"
#include "parts.h"
#include "proc.h"
#include "syncdir/program_calls.h"
#include "slots.h"

/* What the environment of a process says. */
struct settings {
  struct report *report;
  bool whole;    /* it holds nothing but variables */
  bool preloads; /* one of them is LD_PRELOAD */
};

static void judge_setting(void *data, const char *variable)
{
  struct settings *settings = data;
  struct report *report = settings->report;

  settings->whole &= strchr(variable, '=') != NULL;
  settings->preloads |= strncmp(variable, "LD_PRELOAD=", 11) == 0;
  if (strcmp(variable, "SYNCDIR=off") == 0)
    note(report, UNSAFE, "it was started with SYNCDIR=off, which switches the library off");
  else if (strncmp(variable, "SYNCDIR", 7) == 0 || strncmp(variable, "LD_PRELOAD=", 11) == 0)
    note(report, SAFE, "it was started with %s", variable);
  if (strncmp(variable, "SYNCDIR_ONLY=", 13) == 0)
    limit(report, variable + 13);
}

/* A program that writes a title over its first environment uses a copy of it from then on.
 * PRELOADED: only LD_PRELOAD can have brought the library. */
static void judge_copy(struct report *report, const char *pid, bool preloaded)
{
  struct settings copy = { report, true, false };

  if (!preloaded || !read_environment(pid, judge_setting, &copy) || !copy.whole || !copy.preloads)
    note(report, CANNOT_TELL,
         "its settings cannot be read: the environment that it was started "
         "with has been overwritten, and no copy with LD_PRELOAD is found in its memory");
  else
    note(report, SAFE,
         "the environment that it was started with has been overwritten, perhaps by a "
         "title; its copy was read");
}

static void judge_settings(struct report *report, const char *pid, bool preloaded)
{
  FILE *environment = open_proc(pid, "environ");
  struct settings settings = { report, true, false };
  char *variable = NULL;
  size_t size = 0;

  if (runs_in_secure_mode(pid)) {
    note(report, SAFE, "it is set-id: the library ignores its settings");
  } else if (!environment) {
    note(report, CANNOT_TELL, "its settings cannot be read: %s", strerror(errno));
  } else {
    while (getdelim(&variable, &size, '\0', environment) != -1)
      judge_setting(&settings, variable);
    if (!settings.whole || (preloaded && !settings.preloads))
      judge_copy(report, pid, preloaded);
  }
  free(variable);
  if (environment)
    fclose(environment);
}

static void judge_filter(struct report *report, const char *pid)
{
  char mode[16];

  read_status(pid, "Seccomp", mode, sizeof mode);
  if (!*mode || strcmp(mode, "0") == 0)
    return;
  report->filtered = true;
  note(report, SAFE,
       "a seccomp filter is in force: it must let pass the system calls that "
       "libsyncdir(3) lists in SECURITY, and must not answer them itself, as systemd-nspawn "
       "--suppress-sync does");
}

/* OBJECT has the name of our library: finds out whether it is. */
static void judge_our_library(struct report *report, const char *pid, const struct loaded *object)
{
  struct object library;
  char path[2 * PATH_MAX];

  if (!find_file(pid, object, path))
    note(report, CANNOT_TELL,
         "the library's file %s was deleted or replaced after the process had loaded it, and "
         "what it has loaded cannot be read; restart the process, or ask as root",
         object->name);
  else if (same_file(path, library_path))
    note(report, SAFE, "the library is loaded: %s", object->name);
  else if (same_bytes(path, library_path))
    note(report, SAFE, "another copy of the library is loaded: %s", object->name);
  else if (read_object(path, &library) == NULL && !library.defines[wrapped_renameat2])
    note(report, UNSAFE,
         "%s is loaded, which is an older syncdir and overlooks many calls; restart the "
         "process with the library %s",
         object->name, library_path);
  else
    note(report, CANNOT_TELL,
         "%s is loaded, which differs from the library %s; restart the process", object->name,
         library_path);
}

static bool is_library_name(const char *path)
{
  return strncmp(last_component(path), "libsyncdir.so", 13) == 0;
}

static bool is_archived(const char *path)
{
  struct object object = { 0 };

  read_archived(path, &object);
  return object.archived;
}

/* Any other object: does it answer calls before the library, and does it make system calls by
 * itself? */
static void judge_object(struct report *report, const char *pid, const struct loaded *object,
                         bool by_archive)
{
  struct object found;
  char path[2 * PATH_MAX];
  const char *shown = *object->name ? object->name : "the program";

  if (!find_file(pid, object, path) || read_object(path, &found)) {
    note(report, CANNOT_TELL, "%s is loaded, and cannot be read", shown);
    return;
  }
  if (is_installed_part(last_component(object->name), path))
    return;
  for (int i = 0; *object->name && i < wrapped_count; i++)
    if (found.defines[i]) {
      note(report, CANNOT_TELL,
           "%s is loaded and has a function %s itself: whether that calls the library "
           "was not tried",
           shown, wrapped_names[i]);
      break;
    }
  for (int i = 0; by_archive && *object->name && i < wrapped_count; i++)
    if (found.imports[i]) {
      note(report, CANNOT_TELL,
           "%s calls %s: whether that is the one of libsyncdir.a in the program, or "
           "the C library's, was not looked at",
           shown, wrapped_names[i]);
      break;
    }
  if (*object->name)
    judge_own_calls(report, path, shown, false);
  else if (!is_archived(path))
    judge_own_calls(report, path, shown, true);
}

/* True if the library comes before the C library. */
static bool judge_list(struct report *report, const char *pid, const struct loaded *list,
                       size_t count, bool linked)
{
  size_t library = count, libc = count;

  for (size_t i = count; i-- > 0;) {
    if (is_library_name(list[i].name))
      library = i;
    if (is_libc_name(last_component(list[i].name)))
      libc = i;
  }
  if (libc == count)
    note(report, CANNOT_TELL, "its loader has loaded no C library");
  else if (library == count && !linked)
    note(report, UNSAFE,
         "the library is not loaded in it; restart it with syncdir in front of it, behind "
         "any command that clears the environment");
  else if (library < count && library > libc && !linked)
    note(report, UNSAFE,
         "%s is loaded, but behind the C library, whose functions are called instead (a "
         "plugin brought it, or it was linked behind -lc); restart it with syncdir in front of it",
         list[library].name);
  else if (library < libc)
    judge_our_library(report, pid, &list[library]);
  if (report->verdict == UNSAFE)
    return library < libc;
  for (size_t i = 0; i < count; i++)
    /* The kernel's own object, the vDSO, has a name and no path. */
    if (i != library && (strchr(list[i].name, '/') || strncmp(list[i].name, "linux-", 6) != 0))
      judge_object(report, pid, &list[i], library == count);
  judge_mappings(report, pid, list, count);
  if (library < libc)
    judge_slots(report, pid, list, count, library);
  return library < libc;
}

/* True if the library was preloaded into it. */
static bool judge_memory(struct report *report, const char *pid)
{
  char program[64], shown[PATH_MAX], kernel[8];
  struct loaded *list;
  struct object object;
  const char *wrong;
  ssize_t length;
  bool linked, apart, preloaded;
  size_t count;

  snprintf(program, sizeof program, "/proc/%.20s/exe", pid);
  read_status(pid, "Kthread", kernel, sizeof kernel);
  length = readlink(program, shown, sizeof shown - 1);
  if (length <= 0) {
    note(report, CANNOT_TELL,
         *kernel == '1' ? "it is a thread of the kernel" : "its program cannot be read: %s",
         strerror(errno));
    return false;
  }
  shown[length] = '\0';
  if (!is_of_our_class(pid)) {
    note(report, CANNOT_TELL,
         "%s cannot be read, or has another word size than this syncdir (32 or 64 bits); it "
         "was not looked at",
         shown);
    return false;
  }
  wrong = read_object(program, &object);
  if (wrong) {
    note(report, CANNOT_TELL, "%s cannot be read: %s", shown, wrong);
    return false;
  }
  if (!object.program) {
    note(report, CANNOT_TELL,
         "%s is not a program: the loader was started as a command, and what it "
         "has loaded was not looked at; start the program itself",
         shown);
    return false;
  }
  read_archived(program, &object);
  linked = object.archived && is_linked(report, program, shown);
  if (!*object.loader) {
    if (!object.archived)
      note(report, UNSAFE, "%s is static, and was not linked with libsyncdir.a", shown);
    return false;
  }
  wrong = read_loaded(pid, &list, &count, &apart);
  if (wrong) {
    note(report, CANNOT_TELL, "its memory cannot be read: %s", wrong);
    return false;
  }
  if (apart)
    note(report, CANNOT_TELL,
         "it has loaded libraries in a namespace of their own (dlmopen, LD_AUDIT): their "
         "calls bypass the library");
  preloaded = judge_list(report, pid, list, count, linked) && !object.needs_library
           && access("/etc/ld.so.preload", F_OK) == -1;
  free(list);
  return preloaded;
}

/* How far children of children are followed. */
enum { DEPTH_MAX = 64 };

static void look_at_process(struct report *report, const char *pid, int depth);

static void look_at_child(struct report *report, const char *child, int depth)
{
  char name[64];
  struct report *part;

  /* A process that has ended changes nothing any more, and our own process does not count. */
  if (atoi(child) == getpid() || has_ended(child) || !name_process(child, name, sizeof name))
    return;
  part = depth < DEPTH_MAX ? add_part(report, name) : NULL;
  if (part)
    look_at_process(part, child, depth + 1);
  else
    note(report, CANNOT_TELL, "its child %s was not looked at", name);
}

static void look_at_children(struct report *report, const char *pid, int depth)
{
  char pattern[64], child[32];
  glob_t threads;

  snprintf(pattern, sizeof pattern, "/proc/%.20s/task/*/children", pid);
  if (glob(pattern, 0, NULL, &threads) != 0) {
    note(report, CANNOT_TELL, "its children cannot be found");
    return;
  }
  for (size_t i = 0; i < threads.gl_pathc; i++) {
    FILE *children = fopen(threads.gl_pathv[i], "re");

    while (children && fscanf(children, "%31s", child) == 1)
      look_at_child(report, child, depth);
    if (children)
      fclose(children);
  }
  globfree(&threads);
}

static void look_at_process(struct report *report, const char *pid, int depth)
{
  judge_settings(report, pid, judge_memory(report, pid));
  judge_filter(report, pid);
  look_at_children(report, pid, depth);
}

void check_process(struct report *report, const char *pid)
{
  static char name[64];

  if (!name_process(pid, name, sizeof name)) {
    note(report, CANNOT_TELL, "there is no process with this number");
    return;
  }
  report->subject = name;
  if (has_ended(pid)) {
    note(report, CANNOT_TELL, "it has ended, and is a zombie until its parent waits for it");
    return;
  }
  look_at_process(report, pid, 0);
}
