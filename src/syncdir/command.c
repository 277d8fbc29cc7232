/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the name of a command to the program that the kernel starts for it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "starters.h"

/* The errno that execve would give for PATH before it looks inside; 0 if none. */
static int error_of_execution(const char *path)
{
  struct stat st;

  if (stat(path, &st) == -1)
    return errno;
  if (!S_ISREG(st.st_mode) || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == -1)
    return EACCES;
  return 0;
}

/* The search path; if PATH is not set, the system's default, as in execvp. */
static char *search_path(void)
{
  const char *path = getenv("PATH");
  size_t size;
  char *standard;

  if (path)
    return strdup(path);
  size = confstr(_CS_PATH, NULL, 0);
  standard = malloc(size);
  if (standard)
    confstr(_CS_PATH, standard, size);
  return standard;
}

/* Whether execvp goes on to the next directory of PATH after ERROR. */
static bool goes_on(int error)
{
  return error == EACCES || error == ENOENT || error == ENOTDIR || error == ESTALE
      || error == ENODEV || error == ETIMEDOUT;
}

static bool is_our_program(const char *path)
{
  struct stat one, ours;

  return stat(path, &one) == 0 && stat("/proc/self/exe", &ours) == 0 && one.st_dev == ours.st_dev
      && one.st_ino == ours.st_ino;
}

/* OTHER: our own program does not count. */
static bool search(const char *name, bool other, char path[PATH_MAX])
{
  char *list, *rest, *folder;
  int error = ENOENT, found = ENOENT;

  rest = list = search_path();
  if (!list)
    return false;
  while (found != 0 && goes_on(found) && (folder = strsep(&rest, ":"))) {
    if (snprintf(path, PATH_MAX, "%s%s%s", folder, *folder ? "/" : "", name) >= PATH_MAX)
      continue;
    found = other && is_our_program(path) ? ENOENT : error_of_execution(path);
    /* EACCES is the answer at the end, if nothing is found. */
    if (error != EACCES && found != ENOTDIR)
      error = found;
  }
  free(list);
  errno = found == 0 ? 0 : error;
  return found == 0;
}

bool find_command(const char *name, char path[PATH_MAX])
{
  if (strlen(name) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return false;
  }
  if (!*name || strchr(name, '/')) {
    strcpy(path, name);
    errno = *name ? error_of_execution(path) : ENOENT;
    return errno == 0;
  }
  return search(name, false, path);
}

bool is_link_to_us(const char *name)
{
  char path[PATH_MAX];
  struct stat st;

  return find_command(name, path) && is_our_program(path) && lstat(path, &st) == 0
      && (S_ISLNK(st.st_mode) || st.st_nlink > 1);
}

bool find_namesake(const char *name, char path[PATH_MAX])
{
  return search(name, true, path);
}

/* How much the kernel reads of a file to know its format, and how many #! lines it
 * follows: BINPRM_BUF_SIZE and exec_binprm() of Linux. */
enum { HEAD = 256, SCRIPTS_MAX = 5 };

/* The interpreter that a #! line names, as fs/binfmt_script.c reads it, and its only
 * argument, or "".  NULL if there is no interpreter or its name does not fit. */
static const char *interpreter(char head[HEAD + 1], const char **argument)
{
  char *name = head + 2 + strspn(head + 2, " \t");
  size_t length = strcspn(name, " \t\n");
  char *behind = name + length, *end;

  if (length == 0 || behind == head + HEAD)
    return NULL;
  end = behind + strcspn(behind, "\n");
  while (end > behind && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  *end = '\0';
  behind += strspn(behind, " \t");
  *argument = behind < end ? behind : "";
  name[length] = '\0';
  return name;
}

/* Reads the first bytes of PATH, and NULs after them. */
static bool read_head(const char *path, char head[HEAD + 1])
{
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  ssize_t length;
  int saved;

  memset(head, 0, HEAD + 1);
  if (fd == -1)
    return false;
  length = read(fd, head, HEAD);
  saved = errno;
  close(fd);
  errno = saved;
  return length != -1;
}

/* Goes on from env to what it starts. */
static bool follow_env(struct started *started, const struct env_command *command)
{
  char path[PATH_MAX];

  switch (command->what) {
    case ENV_CLEARS: started->how = ENVIRONMENT_CLEARED; return false;
    case ENV_SWITCHES_OFF: started->how = SWITCHED_OFF; return false;
    case ENV_SETS_LOADER: started->how = LOADER_TOLD; return false;
    case ENV_UNKNOWN: started->how = ENV_NOT_READ; return false;
    case ENV_PRINTS: started->how = IS_BINARY; return false;
    default: break;
  }
  memcpy(started->from, started->program, PATH_MAX);
  started->env = true;
  if (find_command(command->program, path)) {
    memcpy(started->program, path, PATH_MAX);
    return true;
  }
  memcpy(started->program, command->program, PATH_MAX);
  started->how = NO_INTERPRETER;
  return false;
}

/* Goes on from the #! line in HEAD to the interpreter.  WHERE env gets what it is to
 * do: its argument, if that alone is enough. */
static bool follow_line(struct started *started, char head[HEAD + 1], bool *by_line,
                        struct env_command *command)
{
  const char *argument, *name = interpreter(head, &argument);
  int error;

  if (!name) {
    started->how = UNKNOWN_FORMAT;
    return false;
  }
  memcpy(started->from, started->program, PATH_MAX);
  snprintf(started->program, PATH_MAX, "%s", name);
  started->script = true;
  error = error_of_execution(started->program);
  if (error) {
    errno = error;
    started->how = NO_INTERPRETER;
    return false;
  }
  *by_line = true;
  /* Without an argument, env would run the script again and again. */
  if (*argument)
    read_env_line(argument, command);
  else
    command->what = ENV_UNKNOWN;
  return true;
}

void find_started(const char *path, const char *const *words, struct started *started)
{
  char head[HEAD + 1];
  struct env_command command;
  bool by_line = false;

  memset(started, 0, sizeof *started);
  snprintf(started->program, PATH_MAX, "%s", path);
  for (int steps = 0; steps <= SCRIPTS_MAX; steps++) {
    if (!read_head(started->program, head)) {
      started->how = CANNOT_READ;
      return;
    }
    if (memcmp(head, "\177ELF", 4) == 0) {
      if (starter_kind(started->program) != IS_ENV) {
        started->how = IS_BINARY;
        return;
      }
      /* If the arguments are not known, env is a program like any other. */
      if (!by_line && !words) {
        started->how = IS_BINARY;
        return;
      }
      if (!by_line)
        read_env(words, &command);
      by_line = false;
      words = NULL;
      if (!follow_env(started, &command))
        return;
    } else if (memcmp(head, "#!", 2) != 0) {
      started->how = UNKNOWN_FORMAT;
      return;
    } else if (!follow_line(started, head, &by_line, &command)) {
      return;
    }
  }
  errno = ELOOP;
  started->how = NO_INTERPRETER;
}
