/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a system call is the only way in which this process lets anything out:
 * asked of /proc when a batch begins.  What cannot be read counts as found. */
#include "defer/alone.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <fcntl.h>
#include <string.h>

#include "core/sys.h"
#include "core/text.h"
#include "defer/servers.h"
#include "defer/words.h"

/* "7f00-7f01 rw-s ...": what is written there others see without a system call. */
static bool is_shared_and_writable(const char *rights, int at)
{
  return at == 1 && rights[1] == 'w' && rights[3] == 's';
}

/* What a line of /proc/self/maps is compared with, and whether it is about that. */
static struct {
  uint64_t start, end;
  bool overlaps;
} range;

static uint64_t read_hexadecimal(const char **text)
{
  uint64_t number = 0;

  for (const char *digit; **text && (digit = strchr("0123456789abcdef", **text)); ++*text)
    number = 16 * number + (digit - "0123456789abcdef");
  return number;
}

/* "7f00-7f01 r--s 00000000 fd:01 4711 /path": shared, or with an inode. */
static bool is_file_in_range(const char *word, int at)
{
  if (at == 0) {
    uint64_t start = read_hexadecimal(&word), end;

    word += *word == '-';
    end = read_hexadecimal(&word);
    range.overlaps = start < range.end && range.start < end;
  }
  return range.overlaps && ((at == 1 && word[3] != 'p') || (at == 4 && strcmp(word, "0") != 0));
}

bool is_anonymous(uint64_t start, uint64_t length)
{
  enum { PAGE = 4096 };

  range.start = start;
  range.end = start + length + PAGE - 1;
  return range.end >= start && !some_word("/proc/self/maps", is_file_in_range);
}

/* A page of it that is not in memory is asked of the server. */
static bool is_of_server(const char *device, int at)
{
  uint32_t major, minor;

  if (at != 3)
    return false;
  major = read_hexadecimal(&device);
  device += *device == ':';
  minor = read_hexadecimal(&device);
  return is_served(&(struct sys_stat) { .major = major, .minor = minor });
}

/* Why what is mapped lets something out: "shared" as well where that cannot be read. */
static const char *why_mapped;

static bool is_seen_by_others(const char *word, int at)
{
  if (is_shared_and_writable(word, at))
    return true;
  if (!has_servers() || !is_of_server(word, at))
    return false;
  why_mapped = "strict: it has mapped a file of a filesystem with a server";
  return true;
}

/* /proc/self/task has a subdirectory for each thread, and with it a link. */
static bool has_one_thread(void)
{
  struct sys_stat task;

  return GATE(SYS_statx, AT_FDCWD, "/proc/self/task", 0, STAT_BASIC, &task) == 0 && task.links == 3;
}

/* clone(2) without CLONE_THREAD may share the memory, in which another process finds
 * what this one has done, or the descriptors.  kcmp(2) tells; where it does not, they
 * are taken to be shared. */
static bool shares_with(int process)
{
  enum { MEMORY = 1, DESCRIPTORS = 2 }; /* KCMP_VM, KCMP_FILES */
  int own = sys_getpid();

  return GATE(SYS_kcmp, own, process, MEMORY, 0, 0) <= 0
      || GATE(SYS_kcmp, own, process, DESCRIPTORS, 0, 0) <= 0;
}

static bool is_sharer(const char *process, int at)
{
  int number = 0;

  (void) at;
  for (; *process >= '0' && *process <= '9'; process++)
    number = 10 * number + (*process - '0');
  return number > 0 && shares_with(number);
}

/* Whether the process may hold a lock, asked once in a batch: to lock a file ends it. */
static enum { NOT_ASKED, HOLDS_NONE, MAY_HOLD } locks;

const char *why_not_alone(bool forked)
{
  if (!has_one_thread())
    return "strict: it has several threads, or /proc cannot be read";
  if (some_word("/proc/thread-self/children", is_sharer) || (forked && shares_with(sys_getppid())))
    return "strict: another process shares its memory or its descriptors";
  if (!find_servers())
    return "strict: too many filesystems have a server";
  why_mapped = "strict: it has shared writable memory";
  if (some_word("/proc/self/maps", is_seen_by_others))
    return why_mapped;
  locks = NOT_ASKED;
  return NULL;
}

/* "1: POSIX  ADVISORY  WRITE 4711 fd:01:99 0 EOF": two blanks make an empty word. */
static bool is_this_process(const char *pid, int at)
{
  char own[24];
  struct text text = empty_text(own, sizeof own);

  if (at != 6)
    return false;
  add_number(&text, GATE(SYS_getpid));
  return strcmp(pid, own) == 0;
}

bool process_may_hold_locks(void)
{
  if (locks == NOT_ASKED)
    locks = some_word("/proc/locks", is_this_process) ? MAY_HOLD : HOLDS_NONE;
  return locks == MAY_HOLD;
}

/* "2: LEASE  ACTIVE    READ ...", or "DELEG": of any process. */
static bool is_lease(const char *word, int at)
{
  return at == 1 && (strcmp(word, "LEASE") == 0 || strcmp(word, "DELEG") == 0);
}

bool some_file_is_leased(void)
{
  return some_word("/proc/locks", is_lease);
}

/* "lock:	1: FLOCK  ADVISORY  WRITE 4711 ..." */
static bool is_lock(const char *word, int at)
{
  return at == 0 && strncmp(word, "lock:", 5) == 0;
}

bool file_may_be_locked(int fd)
{
  char buffer[sizeof "/proc/self/fdinfo/" + 20];
  struct text path = empty_text(buffer, sizeof buffer);

  add_string(&path, "/proc/self/fdinfo/");
  add_number(&path, fd);
  return some_word(buffer, is_lock);
}

#endif
