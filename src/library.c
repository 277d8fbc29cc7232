/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The installed library: how it is preloaded, and whether it then answers. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "installed.h"
#include "library.h"

#define REINSTALL "install syncdir again, or link the program with -lsyncdir"

bool same_file(const char *one, const char *other)
{
  struct stat first, second;

  return stat(one, &first) == 0 && stat(other, &second) == 0
      && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool examine_library(struct report *report, struct library *library)
{
  struct object probe;
  const char *wrong;

  /* LD_PRELOAD has no way to quote what separates its entries, or what ld.so
   * replaces in them. */
  if (strpbrk(library_path, " :$")) {
    find(report, UNSAFE, "the path %s has a space, a colon or a dollar in it, which LD_PRELOAD "
         "cannot carry; install syncdir elsewhere", library_path);
    return false;
  }
  if ((wrong = read_object(library_path, &library->object))) {
    find(report, UNSAFE, "the library %s cannot be used: %s; " REINSTALL, library_path, wrong);
    return false;
  }
  if ((wrong = read_object(probe_path, &probe))) {
    find(report, UNSAFE, "the library cannot be tried, for its probe %s cannot be used: %s; "
         REINSTALL, probe_path, wrong);
    return false;
  }
  strcpy(library->loader, probe.loader);
  find(report, SAFE, "library: %s", library_path);
  return true;
}

static int is_library(struct dl_phdr_info *object, size_t size, void *unused)
{
  (void) size, (void) unused;
  return *object->dlpi_name && same_file(object->dlpi_name, library_path);
}

/* Whether the loader gave us the library: by whatever name it stands in LD_PRELOAD,
 * or in /etc/ld.so.preload. */
static bool have_library(void)
{
  return dl_iterate_phdr(is_library, NULL);
}

static const char *bare_name(void)
{
  const char *slash = strrchr(library_path, '/');

  return slash ? slash + 1 : library_path;
}

/* Whether LIST, as the loader reads LD_PRELOAD, has ENTRY. */
static bool lists(const char *list, const char *entry)
{
  size_t length;

  for (; *list; list += length + (list[length] != '\0')) {
    length = strcspn(list, " :");
    if (length == strlen(entry) && strncmp(list, entry, length) == 0)
      return true;
  }
  return false;
}

const char *preload_value(bool secure)
{
  static char *value;
  const char *now = getenv("LD_PRELOAD"), *entry = secure ? bare_name() : library_path;

  free(value);
  value = NULL;
  if (!now)
    now = "";
  if (secure ? lists(now, entry) : have_library())
    value = strdup(now);
  else if (asprintf(&value, "%s%s%s", now, *now ? ":" : "", entry) == -1)
    value = NULL;
  return value;
}

/* What runs the probe: our environment with its LD_PRELOAD, without settings. */
static char **environment_of_probe(char *preload)
{
  size_t count = 0, used = 0;
  char **probe;

  while (environ[count])
    count++;
  probe = malloc((count + 2) * sizeof *probe);
  if (!probe)
    return NULL;
  for (size_t i = 0; i < count; i++)
    if (strncmp(environ[i], "SYNCDIR", 7) != 0 && strncmp(environ[i], "LD_PRELOAD=", 11) != 0)
      probe[used++] = environ[i];
  probe[used++] = preload;
  probe[used] = NULL;
  return probe;
}

/* Runs the probe, both its outputs going into OUT. */
static int spawn_probe(pid_t *pid, int out, const char *loader, bool secure, char *preload)
{
  /* In a set-id program the loader asks neither LD_LIBRARY_PATH nor its cache, but
   * the standard directories alone. */
  char *const trusted[] = { (char *) loader, "--inhibit-cache", "--library-path", "",
                            (char *) probe_path, NULL };
  char *const plain[] = { (char *) probe_path, NULL };
  posix_spawn_file_actions_t actions;
  char **environment = environment_of_probe(preload);
  int error;

  if (!environment)
    return ENOMEM;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
  error = posix_spawn(pid, secure ? loader : probe_path, &actions, NULL,
                      secure ? trusted : plain, environment);
  posix_spawn_file_actions_destroy(&actions);
  free(environment);
  return error;
}

/* Reads until the end, or until SIZE is full. */
static void read_all(int fd, char *text, size_t size)
{
  size_t length = 0;
  ssize_t got;

  while ((got = read(fd, text + length, size - 1 - length)) > 0 || (got == -1 && errno == EINTR))
    length += got > 0 ? got : 0;
  text[length] = '\0';
}

/* What the probe says, in ANSWER.  0, or why it could not be asked. */
static int ask_probe(const char *loader, bool secure, char *answer, size_t size)
{
  const char *value = preload_value(secure);
  char *preload;
  int ends[2], error, status;
  pid_t pid;

  if (!value || asprintf(&preload, "LD_PRELOAD=%s", value) == -1)
    return ENOMEM;
  if (pipe2(ends, O_CLOEXEC) == -1) {
    free(preload);
    return errno;
  }
  error = spawn_probe(&pid, ends[1], loader, secure, preload);
  close(ends[1]);
  free(preload);
  if (error == 0) {
    read_all(ends[0], answer, size);
    while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
      ;
  }
  close(ends[0]);
  return error;
}

/* One line of what the probe said; false for what the loader said. */
static bool take_line(char *line, bool *answered, bool *ours, struct report *report)
{
  if (strcmp(line, "answered") == 0)
    *answered = true;
  else if (strncmp(line, "library ", 8) == 0)
    *ours = same_file(line + 8, library_path);
  else if (strncmp(line, "before ", 7) == 0 && report->subject)
    find(report, SAFE, "before the library is asked: %s", line + 7);
  else
    return strcmp(line, "silent") == 0 || strncmp(line, "before ", 7) == 0;
  return true;
}

void shake_hands(struct report *report, const struct library *library, bool secure)
{
  char answer[16384], said[1024] = "";
  bool answered = false, ours = false;
  int error = ask_probe(library->loader, secure, answer, sizeof answer);
  char *rest = answer;

  if (error) {
    find(report, CANNOT_TELL, "the library cannot be tried, for its probe %s cannot be started: %s; "
         REINSTALL, probe_path, strerror(error));
    return;
  }
  for (char *line; (line = strsep(&rest, "\n")); )
    if (!take_line(line, &answered, &ours, report) && !*said)
      snprintf(said, sizeof said, "; the loader says: %.900s", line);
  if (answered && ours)
    find(report, SAFE, "handshake: the library answers in a program that is started %s",
         secure ? "set-id" : "so");
  else if (answered)
    find(report, UNSAFE, "another syncdir answers in the place of %s%s; take it out of LD_PRELOAD, "
         "of /etc/ld.so.preload and of the loader's directories", library_path, said);
  else
    find(report, UNSAFE, "the library %s does not answer when it is preloaded%s; " REINSTALL,
         secure ? bare_name() : library_path, said);
}

/* The object that holds the C library's own functions. */
static bool is_libc(const char *file)
{
  Dl_info libc;

  return dladdr((void *) confstr, &libc) && strcmp(libc.dli_fname, file) == 0;
}

struct order {
  struct report *report;
  bool after;              /* the library has been passed */
};

static int examine_next(struct dl_phdr_info *loaded, size_t size, void *data)
{
  struct order *order = data;
  struct object object;

  if (!order->after) {
    order->after = is_library(loaded, size, NULL);
    return 0;
  }
  if (is_libc(loaded->dlpi_name))
    return 1;
  if (read_object(loaded->dlpi_name, &object))
    return 0;
  for (int i = 0; i < wrapped_count; i++)
    if (object.defines[i]) {
      find(order->report, CANNOT_TELL, "%s is preloaded after the library, and has a %s of its own: "
           "if it changes paths as fakechroot does, another directory is flushed than the one that "
           "changed; put it before the library in LD_PRELOAD", loaded->dlpi_name, wrapped_names[i]);
      return 1;
    }
  return 0;
}

void examine_order(struct report *report)
{
  struct order order = { report, false };

  dl_iterate_phdr(examine_next, &order);
}
