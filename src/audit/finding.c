/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a change, and what to do about it, in words. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "finding.h"
#include "knowers.h"
#include "language.h"

const char *const fault_names[FAULTS] = {
  [CONTENTS_LOST] = "contents-lost", [NAME_LOST] = "name-lost",   [BYTES_LOST] = "bytes-lost",
  [WRITE_LOST] = "write-lost",       [COMES_BACK] = "comes-back", [BYTES_LATE] = "bytes-late",
  [ONLY_POSIX] = "posix-only",
};

const struct telling *telling_of(const struct change *change)
{
  return change->told.when ? &change->told : &change->perhaps;
}

bool is_certain(const struct change *change)
{
  return change->told.when || is_at_risk(change) || !change->perhaps.when;
}

bool find_fault(const struct change *change, enum fault *fault)
{
  const struct telling *told = telling_of(change);

  if (change->kind == WRITTEN) {
    *fault = change->truncated ? CONTENTS_LOST : WRITE_LOST;
    return told->bytes;
  }
  if (change->bytes_behind && change->replaced)
    *fault = CONTENTS_LOST;
  else if (told->name_on_linux)
    *fault = change->kind == REMOVED ? COMES_BACK : NAME_LOST;
  else if (told->bytes)
    *fault = BYTES_LOST;
  else if (change->bytes_behind)
    *fault = BYTES_LATE;
  else if (told->name)
    *fault = ONLY_POSIX;
  else
    return false;
  return true;
}

static const char *what_is_lost(const struct change *change)
{
  switch (change->kind) {
    case RENAMED:
      return change->replaced ? "brings back the file that was there before"
                              : "takes the new name away";
    case MADE_DIRECTORY: return "takes the directory away, with all that is in it";
    case LINKED: return "takes the new name away";
    case SYMLINKED: return "takes the symbolic link away";
    default: return "takes the file away";
  }
}

void say_consequence(const struct change *change, enum fault fault, char *text, size_t size)
{
  switch (fault) {
    case CONTENTS_LOST:
      snprintf(text, size,
               change->kind == WRITTEN
                 ? "A power cut can leave it as it was before, empty or torn."
                 : "A power cut can leave it empty or torn, and the good file that it replaced is"
                   " gone.");
      break;
    case WRITE_LOST:
      snprintf(text, size, "A power cut takes what was written, or leaves a part of it.");
      break;
    case NAME_LOST:
      snprintf(text, size, "A power cut %s%s.", what_is_lost(change),
               telling_of(change)->bytes ? ", or leaves it empty" : "");
      break;
    case BYTES_LOST:
      snprintf(text, size, "A power cut leaves the name, and the file empty or torn.");
      break;
    case COMES_BACK:
      snprintf(text, size,
               "A power cut brings the removed name back. That does no harm if the program"
               " ignores it, or removes it again, when it starts.");
      break;
    case BYTES_LATE:
      snprintf(text, size,
               "A power cut in between leaves a name that leads to an empty or torn"
               " file.");
      break;
    default:
      snprintf(text, size,
               "POSIX lets a power cut take it%s; ext4, xfs and btrfs keep it, because"
               " %s.",
               change->old_directory ? " or leave both names" : "",
               change->old_directory && change->new_side ? "they move a name in one transaction"
               : change->kind == MADE_DIRECTORY          ? "a file in it was fsynced afterwards"
                                                : "the file itself was fsynced afterwards");
  }
}

/* The directory of a path: "." of none. */
static int directory_length(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash == path ? 1 : slash ? (int) (slash - path) : 0;
}

/* The same, or of the next one above that has not been removed since. */
static int length_of_what_is_left(const char *path)
{
  int length = directory_length(path);
  char directory[PATH_MAX];

  while (length > 1) {
    snprintf(directory, sizeof directory, "%.*s", length, path);
    if (access(directory, F_OK) == 0)
      break;
    length = directory_length(directory);
  }
  return length;
}

/* A path of a page's length is in the first line of the finding, and in JSON. */
static bool is_short(int length)
{
  enum { SHORT = 200 };

  return length <= SHORT;
}

/* A script has a path and no descriptor, and cannot come between two calls of one command. */
static bool comes_too_late(const struct language *language, const struct change *change)
{
  return language->path_follows && change->file->maker == change->by;
}

/* Into a mapping. */
static bool is_store(const struct change *change)
{
  return change->kind == WRITTEN && strcmp(change->call, "mmap") == 0;
}

/* " (in Python: ...)": how the language of CHANGE flushes a file, BEFORE it gets another name
 * or after its last write; "" if it is not known. */
static void say_for_file(const struct change *change, bool before, char *text, size_t size)
{
  const struct language *language = language_to_mend(change->stack);
  const char *path = before ? change->old_path : change->path;

  *text = '\0';
  if (language && language->mapping && is_store(change))
    snprintf(text, size, " (%s)", language->mapping);
  else if (language && !(before && comes_too_late(language, change))
           && (!language->path_follows || (path && is_short((int) strlen(path)))))
    snprintf(text, size, " (%s%s)",
             before && language->file_before ? language->file_before : language->file,
             language->path_follows ? path : "");
}

/* The same for the directory of PATH. */
static void say_for_directory(const struct change *change, char *text, size_t size)
{
  const struct language *language = language_to_mend(change->stack);

  *text = '\0';
  if (language && is_short(directory_length(change->path)))
    snprintf(text, size, " (%s%.*s%s)", language->directory[0], directory_length(change->path),
             change->path, language->directory[1]);
}

static void say_directory_remedy(const struct change *change, const char *first, const char *and,
                                 char *text, size_t size)
{
  int length = directory_length(change->path);
  char recipe[PATH_MAX + 100], old[PATH_MAX + 20] = "";

  say_for_directory(change, recipe, sizeof recipe);
  if (change->old_directory && change->old_path)
    snprintf(old, sizeof old, " and then of %.*s", length_of_what_is_left(change->old_path),
             change->old_path);
  snprintf(text, size, "%s%sfsync() of %s%.*s%s, after %s()%s.", first, and,
           is_short(length) ? "the directory " : "its directory", is_short(length) ? length : 0,
           change->path, old, change->call, recipe);
}

static void say_file_remedy(const struct change *change, bool before, char *text, size_t size)
{
  char recipe[PATH_MAX + 100];

  say_for_file(change, before, recipe, sizeof recipe);
  if (is_store(change))
    snprintf(text, size, "Add: msync() of the mapping with MS_SYNC, after what is stored there%s",
             recipe);
  else if (before)
    snprintf(text, size, "Add: fsync() of the file, before %s()%s", change->call, recipe);
  else
    snprintf(text, size, "Add: fsync() of the file, after the last write%s", recipe);
}

void say_remedy(const struct change *change, enum fault fault, char *text, size_t size)
{
  bool names = fault != BYTES_LOST && telling_of(change)->name;
  bool bytes = fault == CONTENTS_LOST || fault == BYTES_LATE || fault == BYTES_LOST
            || telling_of(change)->bytes;
  bool before = change->kind != CREATED && change->kind != WRITTEN && fault != BYTES_LOST;
  char first[PATH_MAX + 200] = "Add: ";

  if (bytes)
    say_file_remedy(change, before, first, sizeof first);
  if (names || !bytes)
    say_directory_remedy(change, first, bytes ? "; and " : "", text, size);
  else
    snprintf(text, size, "%s%s.", first,
             change->kind == WRITTEN && change->truncated
               ? "; safer still, write a new file, fsync() it, rename() it over this one, and"
                 " fsync() the directory"
               : "");
}

/* Whether all that was at risk when others were told was durable in the end. */
static bool was_durable_later(const struct change *change, enum fault fault)
{
  const struct telling *told = telling_of(change);

  if (change->kind == WRITTEN)
    return change->durable;
  return (!told->bytes || change->bytes_durable)
      && (!told->name || fault == BYTES_LOST || change->durable);
}

static const char *what_was_not_fsynced(const struct change *change, enum fault fault)
{
  const struct telling *told = telling_of(change);

  if (change->kind == WRITTEN || fault == BYTES_LOST)
    return "The file was";
  return told->bytes ? "The file and its directory were" : "The directory was";
}

static void say_who(const struct change *change, char *text, size_t size)
{
  const struct telling *told = telling_of(change);
  bool own = told->by == change->by;

  snprintf(text, size, "%s %s%s%.40s%s", own ? "its" : "the", told->how, own ? "" : " of ",
           own ? "" : told->by->command,
           told == &change->perhaps ? " (in another thread: if that was about something else, this"
                                      " is no fault)"
                                    : "");
}

void say_telling(const struct change *change, enum fault fault, char *text, size_t size)
{
  const struct telling *told = telling_of(change);
  bool both = told->bytes && told->name && change->kind != WRITTEN && fault != BYTES_LOST;
  char who[300];

  /* Here it is no question of who was told, if anybody was. */
  if (change->kind != WRITTEN && (fault == CONTENTS_LOST || fault == BYTES_LATE)) {
    snprintf(text, size, "The file was not fsynced before %s().", change->call);
    return;
  }
  say_who(change, who, sizeof who);
  if (was_durable_later(change, fault))
    snprintf(text, size, "%s fsynced only after others were told, by %s.",
             what_was_not_fsynced(change, fault), who);
  else
    snprintf(text, size, "%s never %sfsynced, and others were told by %s.",
             what_was_not_fsynced(change, fault), both ? "both " : "", who);
}
