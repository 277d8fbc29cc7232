/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a system call is the only way in which this process lets anything out:
 * asked of the kernel when a batch begins.  What it does not say counts as found. */
#include "defer/alone.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <errno.h>
#include <sched.h>
#include <sys/wait.h>

#include "core/sys.h"
#include "defer/mappings.h"
#include "defer/servers.h"
#include "defer/words.h"

/* unshare(2) does nothing with what these two name, but fails where another thread, or
 * another process, shares it. */
static bool has_one_thread(void)
{
  return GATE(SYS_unshare, CLONE_THREAD) == 0;
}

static bool shares_memory(void)
{
  return GATE(SYS_unshare, CLONE_VM) != 0;
}

/* clone(2) may share the descriptors alone, in which another process finds what this one
 * has opened, or the umask.  kcmp(2) tells; where it does not, they are taken to be
 * shared. */
enum table { DESCRIPTORS = 2, UMASK = 3 }; /* KCMP_FILES, KCMP_FS */

static bool shares(int process, enum table table)
{
  return GATE(SYS_kcmp, sys_getpid(), process, table, 0, 0) <= 0;
}

static bool shares_with(int process)
{
  return shares(process, DESCRIPTORS) || shares(process, UMASK);
}

bool parent_shares_umask(void)
{
  return shares(sys_getppid(), UMASK);
}

static bool is_sharer(const char *process, int at)
{
  int number = 0;

  (void) at;
  for (; *process >= '0' && *process <= '9'; process++)
    number = 10 * number + (*process - '0');
  return number > 0 && shares_with(number);
}

/* Of whatever kind, and whatever has become of them; nothing happens to them. */
static bool has_children(void)
{
  enum { WHATEVER = WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT | __WALL };

  return GATE(SYS_waitid, P_ALL, 0, NULL, WHATEVER, NULL) != -ECHILD;
}

static bool shares_tables(bool forked)
{
  return (has_children() && some_word("/proc/thread-self/children", is_sharer))
      || (forked && shares_with(sys_getppid()));
}

SELDOM const char *why_not_alone(bool forked)
{
  if (!has_one_thread())
    return "strict: it has several threads";
  if (shares_memory() || shares_tables(forked))
    return "strict: another process shares its memory, its descriptors or its umask";
  if (!find_servers())
    return "strict: too many filesystems have a server";
  return why_memory_is_seen();
}

#endif
