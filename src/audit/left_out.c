/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes that the report leaves out, because nobody misses those names. */
#include <fnmatch.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "left_out.h"

const char *const reason_names[REASONS] = {
  [ELSEWHERE] = "outside of -o",
  [IGNORED] = "by --ignore",
  [LOCK] = "locks",
  [SOCKET] = "sockets",
  [TEMPORARY] = "temporary and removed again",
  [PLACE_FOR_TEMPORARIES] = "below /tmp, /run, /proc or /dev",
  [CACHE] = "caches",
  [LOG] = "logs",
  [MAPPED] = "changed through a mapping, if at all",
  [IN_MEMORY] = "on filesystems held in memory",
};

static bool is_below(const char *path, const char *directory)
{
  size_t length = strlen(directory);

  if (strcmp(directory, "/") == 0)
    return true;
  return strncmp(path, directory, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static bool is_below_any(const char *path, char *const *directories, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (is_below(path, directories[i]))
      return true;
  return false;
}

static const char *last_name(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash ? slash + 1 : path;
}

static bool matches_any(const char *path, char *const *patterns, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (fnmatch(patterns[i], path, 0) == 0 || fnmatch(patterns[i], last_name(path), 0) == 0)
      return true;
  return false;
}

/* A place for temporary files is none to who has started the audit in it, or names a
 * directory in it with -o. */
static bool is_for_temporaries(const char *path, const struct selection *selection)
{
  static const char *const places[] = { "/tmp",  "/var/tmp", "/run", "/var/run",
                                        "/proc", "/sys",     "/dev" };

  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    if (is_below(path, places[i]))
      return !(is_below(selection->start, places[i]) && is_below(path, selection->start));
  return false;
}

/* In it SQLite finds what is in its write-ahead log; after a crash it is made anew. */
static bool is_index_of_sqlite(const char *path)
{
  static const char ending[] = "-shm";
  char database[PATH_MAX];
  size_t length = strlen(path), rest = length - (sizeof ending - 1);

  if (length < sizeof ending || strcmp(path + rest, ending) != 0)
    return false;
  snprintf(database, sizeof database, "%.*s", (int) rest, path);
  return access(database, F_OK) == 0;
}

/* Berkeley DB's cache and its locks, which its processes share; recovery makes them anew. */
static bool is_region_of_berkeley_db(const char *path)
{
  return fnmatch("__db.[0-9][0-9][0-9]", last_name(path), 0) == 0;
}

static bool is_cache(const char *path)
{
  static const char *const parts[] = { "/.cache/", "/cache/", "/__pycache__/", "/.ccache/" };

  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (strstr(path, parts[i]))
      return true;
  return fnmatch("*.pyc", path, 0) == 0 || strcmp(last_name(path), "__pycache__") == 0
      || strcmp(last_name(path), ".cache") == 0 || is_index_of_sqlite(path)
      || is_region_of_berkeley_db(path);
}

static bool is_lock(const struct change *change)
{
  static char *const patterns[] = { "*.lock", "*.lck", "*.lockfile", "lock",   "LOCK",  ".lock",
                                    "*.pid",  ".#*",   "*-lock",     "lock-*", "lock.*" };

  /* What is renamed into place is no lock, whatever its name. */
  return change->kind != RENAMED
      && (matches_any(change->path, patterns, sizeof patterns / sizeof *patterns)
          || strstr(change->path, "/locks/"));
}

/* LevelDB and RocksDB write into LOG what they are doing, for whoever wants to read it: their
 * data are in other files.  CURRENT is in each of their databases. */
static bool is_log_of_leveldb(const char *path)
{
  char current[PATH_MAX];
  const char *name = last_name(path);

  if (strcmp(name, "LOG") != 0 && fnmatch("LOG.old*", name, 0) != 0)
    return false;
  snprintf(current, sizeof current, "%.*sCURRENT", (int) (name - path), path);
  return access(current, F_OK) == 0;
}

enum reason why_left_out(const struct change *change, const struct selection *selection)
{
  bool named = is_below_any(change->path, selection->directories, selection->directory_count);

  if (selection->directory_count && !named)
    return ELSEWHERE;
  if (matches_any(change->path, selection->patterns, selection->pattern_count))
    return IGNORED;
  if (selection->all)
    return JUDGED;
  if (change->undone)
    return TEMPORARY;
  if (S_ISSOCK(change->file->mode))
    return SOCKET;
  if (is_lock(change))
    return LOCK;
  if (change->kind == WRITTEN && change->mapped)
    return MAPPED;
  if ((!named && is_below(change->path, "/var/log")) || is_log_of_leveldb(change->path))
    return LOG;
  if (!named && is_for_temporaries(change->path, selection))
    return PLACE_FOR_TEMPORARIES;
  return is_cache(change->path) ? CACHE : JUDGED;
}
