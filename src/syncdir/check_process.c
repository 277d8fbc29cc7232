/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a running process, and its children, have the library. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "check.h"
#include "installed.h"
#include "judge.h"
#include "library.h"
#include "object.h"

/* Opens /proc/PID/NAME. */
static FILE *open_of(const char *pid, const char *name)
{
  char path[PATH_MAX];

  snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
  return fopen(path, "re");
}

static bool runs_in_secure_mode(const char *pid)
{
  FILE *auxv = open_of(pid, "auxv");
  unsigned long entry[2] = { 0, 0 };

  while (auxv && fread(entry, sizeof entry, 1, auxv) == 1 && entry[0] != AT_SECURE)
    entry[1] = 0;
  if (auxv)
    fclose(auxv);
  return entry[0] == AT_SECURE && entry[1];
}

static void judge_setting(struct report *report, const char *setting)
{
  if (strcmp(setting, "SYNCDIR=off") == 0)
    find(report, UNSAFE, "it was started with SYNCDIR=off, which switches the library off");
  else if (strncmp(setting, "SYNCDIR", 7) == 0 || strncmp(setting, "LD_PRELOAD=", 11) == 0)
    find(report, SAFE, "it was started with %s", setting);
}

static void judge_settings(struct report *report, const char *pid)
{
  FILE *environment = open_of(pid, "environ");
  char *variable = NULL;
  size_t size = 0;

  if (runs_in_secure_mode(pid))
    find(report, SAFE, "it is set-id: the library ignores its settings");
  else
    while (environment && getdelim(&variable, &size, '\0', environment) != -1)
      judge_setting(report, variable);
  free(variable);
  if (environment)
    fclose(environment);
}

static void judge_filter(struct report *report, const char *pid)
{
  FILE *status = open_of(pid, "status");
  char *line = NULL;
  size_t size = 0;
  int mode;

  while (status && getline(&line, &size, status) != -1)
    if (sscanf(line, "Seccomp: %d", &mode) == 1 && mode != 0)
      find(report, SAFE, "a seccomp filter is in force: it must let pass the system calls of "
           "libsyncdir(3), SECURITY");
  free(line);
  if (status)
    fclose(status);
}

/* The file of the first mapped library of our name, or "". */
static void find_mapped(FILE *maps, char file[PATH_MAX])
{
  char *line = NULL;
  size_t size = 0;

  *file = '\0';
  while (!*file && getline(&line, &size, maps) != -1) {
    char *path = strchr(line, '/');
    const char *name = path ? strrchr(path, '/') + 1 : "";

    if (strncmp(name, "libsyncdir.so", 13) == 0)
      snprintf(file, PATH_MAX, "%.*s", (int) strcspn(path, "\n"), path);
  }
  free(line);
}

static void judge_mapped(struct report *report, const char *pid, const char *file)
{
  struct object object;
  char path[2 * PATH_MAX];

  snprintf(path, sizeof path, "/proc/%s/root%s", pid, file);
  if (same_file(path, library_path))
    find(report, SAFE, "the library is mapped: %s", file);
  else if (read_object(path, &object))
    find(report, SAFE, "a library is mapped that cannot be looked into, and may be older: %s", file);
  else if (object.defines[wrapped_renameat2])
    find(report, SAFE, "another copy of the library is mapped: %s", file);
  else
    find(report, UNSAFE, "%s is mapped, an older syncdir, which overlooks many calls; restart it with "
         "the library %s", file, library_path);
}

static void judge_memory(struct report *report, const char *pid)
{
  FILE *maps = open_of(pid, "maps");
  char file[PATH_MAX], program[PATH_MAX];

  /* Another user's maps can be opened, and not be read: it is empty, as a kernel
   * thread's. */
  if (!maps || fgetc(maps) == EOF) {
    find(report, CANNOT_TELL, "its memory cannot be looked at%s%s", maps ? "" : ": ",
         maps ? "" : strerror(errno));
    if (maps)
      fclose(maps);
    return;
  }
  rewind(maps);
  find_mapped(maps, file);
  fclose(maps);
  snprintf(program, sizeof program, "/proc/%s/exe", pid);
  if (*file)
    judge_mapped(report, pid, file);
  else if (!is_linked(report, program))
    find(report, UNSAFE, "the library is not mapped in it; restart it with syncdir in front, where its "
         "environment is not emptied any more");
}

static enum verdict check_children(const char *pid)
{
  char pattern[64], child[32];
  enum verdict verdict = SAFE;
  glob_t threads;

  snprintf(pattern, sizeof pattern, "/proc/%s/task/*/children", pid);
  if (glob(pattern, 0, NULL, &threads) != 0)
    return SAFE;
  for (size_t i = 0; i < threads.gl_pathc; i++) {
    FILE *children = fopen(threads.gl_pathv[i], "re");

    while (children && fscanf(children, "%31s", child) == 1)
      if (atoi(child) != getpid())
        verdict = worse(verdict, check_process(child));
    if (children)
      fclose(children);
  }
  globfree(&threads);
  return verdict;
}

/* "PID (NAME)" */
static bool name_process(const char *pid, char *name, size_t size)
{
  FILE *file = open_of(pid, "comm");
  char comm[32] = "";

  if (!file)
    return false;
  if (!fgets(comm, sizeof comm, file))
    *comm = '\0';
  fclose(file);
  snprintf(name, size, "%s (%.*s)", pid, (int) strcspn(comm, "\n"), comm);
  return true;
}

enum verdict check_process(const char *pid)
{
  char name[64];
  struct report report = { name, SAFE };

  if (!name_process(pid, name, sizeof name)) {
    report.subject = pid;
    find(&report, CANNOT_TELL, "there is no process with this number");
    return conclude(&report);
  }
  judge_memory(&report, pid);
  judge_settings(&report, pid);
  judge_filter(&report, pid);
  conclude(&report);
  return worse(report.verdict, check_children(pid));
}
