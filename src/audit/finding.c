/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a change, and what to do about it, in words. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "finding.h"

const char *const fault_names[FAULTS] = {
  [CONTENTS_LOST] = "contents-lost", [NAME_LOST] = "name-lost", [BYTES_LOST] = "bytes-lost",
  [WRITE_LOST] = "write-lost", [COMES_BACK] = "comes-back", [BYTES_LATE] = "bytes-late", [ONLY_POSIX] = "posix-only",
};

bool find_fault(const struct change *change, enum fault *fault)
{
  bool told = change->told.when != 0;

  if (change->kind == WRITTEN) {
    *fault = change->truncated ? CONTENTS_LOST : WRITE_LOST;
    return told && change->bytes_when_told;
  }
  if (change->bytes_behind && change->replaced)
    *fault = CONTENTS_LOST;
  else if (told && change->linux_when_told)
    *fault = change->kind == REMOVED ? COMES_BACK : NAME_LOST;
  else if (told && change->bytes_when_told)
    *fault = BYTES_LOST;
  else if (change->bytes_behind)
    *fault = BYTES_LATE;
  else if (told && change->name_when_told)
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
      snprintf(text, size, change->kind == WRITTEN
               ? "A power cut can leave it as it was before, empty or torn."
               : "A power cut can leave it empty or torn, and the good file that it replaced is"
                 " gone.");
      break;
    case WRITE_LOST:
      snprintf(text, size, "A power cut takes what was written, or leaves a part of it.");
      break;
    case NAME_LOST:
      snprintf(text, size, "A power cut %s%s.", what_is_lost(change),
               change->bytes_when_told ? ", or leaves it empty" : "");
      break;
    case BYTES_LOST:
      snprintf(text, size, "A power cut leaves the name, and the file empty or torn.");
      break;
    case COMES_BACK:
      snprintf(text, size, "A power cut brings the removed name back.");
      break;
    case BYTES_LATE:
      snprintf(text, size, "A power cut in between leaves a name that leads to an empty or torn"
               " file.");
      break;
    default:
      snprintf(text, size, "POSIX lets a power cut take it%s; ext4, xfs and btrfs keep it, because"
               " %s.", change->old_directory ? " or leave both names" : "",
               change->old_directory && change->new_side
                 ? "they move a name in one transaction"
                 : "the file itself was fsynced afterwards");
  }
}

/* Programs of no known source are run by scripts, too, and those cannot call fsync. */
static bool source_is_known(const struct change *change)
{
  for (size_t i = 0; i < change->stack->count; i++)
    if (change->stack->frames[i].file)
      return true;
  return false;
}

/* The directory of a path: "." of none. */
static int directory_length(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash == path ? 1 : slash ? (int) (slash - path) : 0;
}

static void say_directory_remedy(const struct change *change, const char *first, char *text,
                                 size_t size)
{
  int length = directory_length(change->path);
  int used = snprintf(text, size, "%sfsync() of the directory %.*s", first, length, change->path);

  if (change->old_directory && change->old_path && used < (int) size)
    used += snprintf(text + used, size - (size_t) used, " and then of %.*s",
                     directory_length(change->old_path), change->old_path);
  if (used < (int) size)
    used += snprintf(text + used, size - (size_t) used, ", after %s()", change->call);
  if (!source_is_known(change) && used < (int) size)
    used += snprintf(text + used, size - (size_t) used, " (in a script: sync %.*s)", length,
                     change->path);
  if (used < (int) size)
    snprintf(text + used, size - (size_t) used, ".");
}

static void say_remedy_of_write(const struct change *change, char *text, size_t size)
{
  bool script = !source_is_known(change);

  snprintf(text, size, "Add: fsync() of the file, after the last write%s%s%s%s.",
           script ? " (in a script: sync " : "", script ? change->path : "", script ? ")" : "",
           change->truncated ? "; safer still, write a new file, fsync() it, rename() it over this"
                               " one, and fsync() the directory"
                             : "");
}

void say_remedy(const struct change *change, enum fault fault, char *text, size_t size)
{
  const char *call = change->call;
  bool script = change->old_path && !source_is_known(change);
  char first[160] = "Add: ";

  if (change->kind == WRITTEN) {
    say_remedy_of_write(change, text, size);
    return;
  }
  switch (fault) {
    case CONTENTS_LOST:
    case BYTES_LATE:
      if (change->told.when && change->name_when_told) {
        snprintf(first, sizeof first, "Add: fsync() of the file, before %s(); and ", call);
        say_directory_remedy(change, first, text, size);
      } else {
        snprintf(text, size, "Add: fsync() of the file, before %s()%s%s%s.", call,
                 script ? " (in a script: sync " : "", script ? change->old_path : "",
                 script ? ")" : "");
      }
      break;
    case BYTES_LOST:
      snprintf(text, size, "Add: fsync() of the file, after the last write.");
      break;
    default:
      if (change->bytes_when_told)
        snprintf(first, sizeof first, "Add: fsync() of the file, %s%s%s; and ",
                 change->kind == CREATED ? "after the last write" : "before ",
                 change->kind == CREATED ? "" : call, change->kind == CREATED ? "" : "()");
      say_directory_remedy(change, first, text, size);
  }
}

/* Several things may be under way at the same time, and what one thread tells need not be
 * about what another one is just about to flush. */
static bool is_by_chance(const struct change *change)
{
  return change->told.by == change->by && change->told.thread
      && change->told.thread != change->thread && change->durable;
}

void say_telling(const struct change *change, enum fault fault, char *text, size_t size)
{
  bool own = change->told.by == change->by;
  moment durable = fault == BYTES_LOST ? 0 : change->durable;

  if (change->kind != WRITTEN && (fault == CONTENTS_LOST || fault == BYTES_LATE))
    snprintf(text, size, "its bytes were not fsynced before %s()", change->call);
  else
    snprintf(text, size, "told by %s %s%s%.80s, %s%s", own ? "its" : "the", change->told.how,
             own ? "" : " of ", own ? "" : change->told.by->command,
             durable ? "durable only later" : "never durable",
             is_by_chance(change) ? " (by another thread: if that was about something else, it is"
                                    " no fault)" : "");
}
