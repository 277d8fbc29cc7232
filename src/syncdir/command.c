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

/* What execve would say of PATH before it looks inside; 0 if nothing. */
static int error_of_execution(const char *path)
{
  struct stat st;

  if (stat(path, &st) == -1)
    return errno;
  if (!S_ISREG(st.st_mode) || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == -1)
    return EACCES;
  return 0;
}

/* The search path where PATH is not set: the standard's, as in execvp. */
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

bool find_command(const char *name, char path[PATH_MAX])
{
  char *list, *rest, *folder;
  int error = ENOENT, found = ENOENT;

  if (strlen(name) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return false;
  }
  if (!*name || strchr(name, '/')) {
    strcpy(path, name);
    errno = *name ? error_of_execution(path) : ENOENT;
    return errno == 0;
  }
  rest = list = search_path();
  if (!list)
    return false;
  while (found != 0 && goes_on(found) && (folder = strsep(&rest, ":"))) {
    if (snprintf(path, PATH_MAX, "%s%s%s", folder, *folder ? "/" : "", name) >= PATH_MAX)
      continue;
    found = error_of_execution(path);
    /* A permission that was refused is told at the end, if nothing is found. */
    if (error != EACCES && found != ENOTDIR)
      error = found;
  }
  free(list);
  errno = found == 0 ? 0 : error;
  return found == 0;
}

/* As much as the kernel reads of a file to know its format, and how many #! lines
 * it follows: BINPRM_BUF_SIZE and exec_binprm() of Linux. */
enum { HEAD = 256, SCRIPTS_MAX = 5 };

/* The interpreter that a #! line names, as fs/binfmt_script.c reads it; NULL if
 * there is none or its name does not fit. */
static const char *interpreter(char head[HEAD + 1])
{
  char *name = head + 2 + strspn(head + 2, " \t");
  size_t length = strcspn(name, " \t\n");

  if (length == 0 || name + length == head + HEAD)
    return NULL;
  name[length] = '\0';
  return name;
}

/* Reads the first bytes of PATH, and NULs after them. */
static bool read_head(const char *path, char head[HEAD + 1])
{
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
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

enum start follow_scripts(const char *path, char program[PATH_MAX])
{
  char head[HEAD + 1];
  const char *next = path;

  for (int scripts = 0; scripts <= SCRIPTS_MAX; scripts++) {
    int error = scripts == 0 ? 0 : error_of_execution(next);

    snprintf(program, PATH_MAX, "%s", next);
    if (error) {
      errno = error;
      return NO_INTERPRETER;
    }
    if (!read_head(program, head))
      return CANNOT_READ;
    if (memcmp(head, "\177ELF", 4) == 0)
      return IS_BINARY;
    if (memcmp(head, "#!", 2) != 0 || !(next = interpreter(head)))
      return UNKNOWN_FORMAT;
  }
  errno = ELOOP;
  return NO_INTERPRETER;
}
