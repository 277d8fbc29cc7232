/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the deferred mode would put changes off.  This does not affect protection: a change
 * that is not put off is flushed when it is made. */
#include "syncdir/deferred.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "core/filesystem.h"
#include "defer/gate.h"
#include "defer/journal.h"
#include "defer/servers.h"
#include "syncdir/installed.h"
#include "syncdir/judge.h"

static void tell_that_not(struct report *report, const char *why)
{
  note(report, SAFE, "deferred: no, each change is flushed when it is made: %s", why);
}

#ifdef HAS_DISPATCH

/* Whether the file PATH lies on a filesystem that a server answers for. */
static bool lies_on_served(const char *path)
{
  int fd = open(path, O_PATH | O_CLOEXEC);
  const struct sys_stat st = sys_stat_of(fd, STAT_TYPE | STAT_INODE | STAT_ANY_MOUNT);
  bool served = fd != -1 && is_served(st.major, st.minor);

  if (fd != -1)
    close(fd);
  return served;
}

/* Why no change of PROGRAM is put off, because of the filesystems that are mounted now; or
 * NULL. */
static const char *why_not_beside_servers(const char *program)
{
  if (!find_servers())
    return "too many FUSE and network filesystems are mounted here, or /proc cannot be read";
  if (lies_on_served(program))
    return "the program lies on a FUSE or network filesystem, whose server sees which parts of it "
           "are read";
  if (lies_on_served(library_path))
    return "the library lies on a FUSE or network filesystem, whose server sees which parts of it "
           "are read";
  return NULL;
}

static void tell_of_servers(struct report *report)
{
  if (has_servers())
    note(report, SAFE,
         "deferred: FUSE or network filesystems are mounted here: what was put off is "
         "flushed before a name on one of them is looked up, because its server sees that");
}

#else

static const char *why_not_beside_servers(const char *program)
{
  (void) program;
  return NULL;
}

static void tell_of_servers(struct report *report)
{
  (void) report;
}

#endif

void tell_program_deferred(struct report *report, const char *path)
{
  struct report aside = { .subject = path };
  struct judged judged;
  const char *never = why_never_deferred();

  judge_program(&aside, path, NULL, &judged);
  if (!never && *judged.program)
    never = why_not_beside_servers(judged.program);
  if (never)
    tell_that_not(report, never);
  else if (judged.secure)
    tell_that_not(report, "the program is set-id, and ignores SYNCDIR_MODE");
  else if (aside.verdict == UNSAFE)
    tell_that_not(report, "the library does not get into the program");
  else if (judged.linked && judged.object.archived)
    note(report, SAFE,
         "deferred: if the program was linked with -Wl,-u,syncdir_deferred, which "
         "cannot be seen, and as follows");
  if (!never && !judged.secure && aside.verdict != UNSAFE) {
    note(report, SAFE,
         "deferred: unless it has several threads or shared writable memory, or "
         "blocks SIGSYS, when it makes a change, which only a run shows: syncdir -s --deferred "
         "says why a change was not put off");
    tell_of_servers(report);
  }
  conclude(&aside, SILENT);
}

void tell_directory_deferred(struct report *report, const char *directory)
{
  const char *never = why_never_deferred();
  int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const struct sys_stat st = sys_stat_of(fd, STAT_TYPE | STAT_INODE | STAT_ANY_MOUNT);
  const struct filesystem *needs = fd == -1 ? NULL : filesystem_of(fd, &st);

  if (!needs)
    note(report, CANNOT_TELL, "deferred: the directory cannot be opened");
  else if (never)
    tell_that_not(report, never);
  else if (!needs->one_journal)
    tell_that_not(report, "this filesystem has no single journal that keeps the order of changes, "
                          "as ext4 and xfs have");
#ifdef HAS_DISPATCH
  else if (needs->may_commit_fast && !commits_in_order(&st))
    tell_that_not(report, "ext4 has the feature fast_commit, or /proc/fs/ext4 does not say");
#endif
  else
    note(report, SAFE, "deferred: yes, changes here are put off until the program tells somebody");
  if (fd != -1)
    close(fd);
}
