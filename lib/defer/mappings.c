/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mapped into the memory of this process: one question to /proc/self/maps,
 * which Linux 6.11 answers without writing all of it down; else its text. */
#include "defer/mappings.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "core/sys.h"
#include "defer/servers.h"
#include "defer/words.h"

static const char maps[] = "/proc/self/maps";

/* The kernel's struct procmap_query, and its flags. */
struct query {
  uint64_t size, wanted, address;
  uint64_t start, end, rights, page_size, offset, inode;
  uint32_t major, minor, name_size, build_id_size;
  uint64_t name, build_id;
};

_Static_assert(sizeof(struct query) == 104, "the kernel's struct procmap_query");

enum { WRITABLE = 0x2, SHARED = 0x8, COVERING_OR_NEXT = 0x10, OF_FILE = 0x20 };

#define PROCMAP_QUERY _IOWR('f', 17, struct query)

enum answer { NOT_MAPPED, MAPPED, UNKNOWN };

/* The first mapping that ends behind ADDRESS and is what is WANTED. */
static enum answer ask_for_mapping(int fd, uint64_t address, uint64_t wanted, struct query *query)
{
  long result;

  *query = (struct query) { .size = sizeof *query,
                            .wanted = wanted | COVERING_OR_NEXT,
                            .address = address };
  if (fd == -1)
    return UNKNOWN;
  result = GATE(SYS_ioctl, fd, PROCMAP_QUERY, query);
  return result == 0 ? MAPPED : result == -ENOENT ? NOT_MAPPED : UNKNOWN;
}

static int open_maps(void)
{
  return sys_openat(AT_FDCWD, maps, O_RDONLY | O_CLOEXEC);
}

static void close_maps(int fd)
{
  if (fd != -1)
    sys_close(fd);
}

/* What a line of the text is compared with, and whether it is about that. */
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
SELDOM static bool is_file_in_range(const char *word, int at)
{
  if (at == 0) {
    uint64_t start = read_hexadecimal(&word), end;

    word += *word == '-';
    end = read_hexadecimal(&word);
    range.overlaps = start < range.end && range.start < end;
  }
  return range.overlaps && ((at == 1 && word[3] != 'p') || (at == 4 && strcmp(word, "0") != 0));
}

/* Shared memory, too, has a file. */
SELDOM bool is_anonymous(uint64_t start, uint64_t length)
{
  enum { PAGE = 4096 };
  uint64_t end = (start + length + PAGE - 1) / PAGE * PAGE;
  struct query query;
  enum answer answer;
  int fd;

  if (end < start)
    return false;
  fd = open_maps();
  answer = ask_for_mapping(fd, start, OF_FILE, &query);
  close_maps(fd);
  if (answer != UNKNOWN)
    return answer == NOT_MAPPED || query.start >= end;
  range.start = start;
  range.end = end;
  return !some_word(maps, is_file_in_range);
}

/* "7f00-7f01 rw-s ...": what is written there others see without a system call. */
static bool is_shared_and_writable(const char *rights, int at)
{
  return at == 1 && rights[1] == 'w' && rights[3] == 's';
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
  return is_served(major, minor);
}

static const char shared[] = "strict: it has shared writable memory",
                  served[] = "strict: it has mapped a file of a filesystem with a server";

/* Which of the two it is: "shared" as well where the text cannot be read. */
static const char *why_mapped;

SELDOM static bool is_seen_by_others(const char *word, int at)
{
  if (is_shared_and_writable(word, at))
    return true;
  if (!is_of_server(word, at))
    return false;
  why_mapped = served;
  return true;
}

/* The same by questions: UNKNOWN where those are not answered. */
static enum answer ask_what_others_see(int fd, const char **why)
{
  struct query query;
  enum answer answer = ask_for_mapping(fd, 0, WRITABLE | SHARED, &query);

  *why = shared;
  if (answer != NOT_MAPPED || !has_servers())
    return answer;
  *why = served;
  do
    answer = ask_for_mapping(fd, query.end, OF_FILE, &query);
  while (answer == MAPPED && !is_served(query.major, query.minor));
  return answer;
}

SELDOM const char *why_memory_is_seen(void)
{
  const char *why;
  int fd = open_maps();
  enum answer answer = ask_what_others_see(fd, &why);

  close_maps(fd);
  if (answer != UNKNOWN)
    return answer == MAPPED ? why : NULL;
  why_mapped = shared;
  return some_word(maps, is_seen_by_others) ? why_mapped : NULL;
}

#endif
