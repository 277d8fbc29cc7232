/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether changes would be put off, by the deferred mode.  It is no matter of protection:
 * where they are not, each is flushed when it is made. */
#include "deferred.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "core/filesystem.h"
#include "defer/gate.h"
#include "defer/journal.h"
#include "judge.h"

static void tell_that_not(struct report *report, const char *why)
{
  note(report, SAFE, "deferred: no, each change is flushed when it is made: %s", why);
}

void tell_program_deferred(struct report *report, const char *path)
{
  struct report aside = { .subject = path };
  struct judged judged;
  const char *never = why_never_deferred();

  judge_program(&aside, path, NULL, &judged);
  if (never)
    tell_that_not(report, never);
  else if (judged.secure)
    tell_that_not(report, "the program is set-id, and believes no SYNCDIR_MODE");
  else if (aside.verdict == UNSAFE)
    tell_that_not(report, "the library does not get into the program");
  else if (judged.linked && judged.object.archived)
    note(report, SAFE, "deferred: if the program was linked with -Wl,-u,syncdir_deferred, which "
         "cannot be seen, and as follows");
  if (!never && !judged.secure && aside.verdict != UNSAFE)
    note(report, SAFE, "deferred: unless it has several threads or shared writable memory, or "
         "blocks SIGSYS, when it makes a change, which only a run shows: syncdir -s --deferred "
         "says why a change was not put off");
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
    tell_that_not(report, "this filesystem has not one journal that keeps the order of changes, "
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
