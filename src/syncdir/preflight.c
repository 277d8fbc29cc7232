/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings, before the library reads them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/settings.h"
#include "preflight.h"

static bool is_directory(const char *path)
{
  struct stat st;

  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *wrong_with_only(const char *list)
{
  static char wrong[ONLY_SIZE + 64];
  char copy[ONLY_SIZE], *rest = copy;
  int count = 0;

  if (strlen(list) >= sizeof copy)
    return "it is too long";
  strcpy(copy, list);
  for (char *path; (path = strsep(&rest, ":"));) {
    if (!*path)
      continue;
    if (!is_directory(path)) {
      snprintf(wrong, sizeof wrong, "%s is not a directory", path);
      return wrong;
    }
    if (++count > ONLY_MAX)
      return "it has too many directories";
  }
  return NULL;
}

bool wrong_with_switch(const char *name)
{
  const char *value = getenv(name);

  return value && *value && strcmp(value, "off") != 0 && strcmp(value, "on") != 0;
}

const char *add_to_only(char **only, const char *directory)
{
  char *absolute = realpath(directory, NULL), *list;
  const char *wrong = absolute ? NULL : strerror(errno);

  if (!wrong && strchr(absolute, ':'))
    wrong = "its path has a colon in it";
  if (!wrong && asprintf(&list, "%s%s%s", *only ? *only : "", *only ? ":" : "", absolute) == -1)
    wrong = strerror(ENOMEM);
  free(absolute);
  if (wrong)
    return wrong;
  free(*only);
  *only = list;
  return wrong_with_only(list);
}

int open_trace(const char *file)
{
  return open(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | O_NONBLOCK,
              0666);
}

static bool can_be_written(const char *file)
{
  int fd = open_trace(file);

  if (fd == -1)
    return errno == ENXIO; /* a fifo that nobody reads yet */
  close(fd);
  return true;
}

bool prepare_trace(const char *file, char absolute[PATH_MAX])
{
  char folder[PATH_MAX] = "";

  if (strcmp(file, "-") == 0) {
    strcpy(absolute, file);
    return true;
  }
  if (*file != '/' && !getcwd(folder, sizeof folder))
    return false;
  if (snprintf(absolute, PATH_MAX, "%s%s%s", folder, *folder ? "/" : "", file) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return false;
  }
  return can_be_written(absolute);
}
