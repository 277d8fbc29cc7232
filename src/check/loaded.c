/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the loader of a running process has loaded, from the list in its memory that debuggers
 * read too. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "loaded.h"

/* No process has more objects than this, and a damaged list may have no end. */
enum { LOADED_MAX = 4096 };

static int open_of(const char *pid, const char *name)
{
  char path[64];

  snprintf(path, sizeof path, "/proc/%.20s/%s", pid, name);
  return open(path, O_RDONLY | O_CLOEXEC);
}

bool read_memory(int memory, unsigned long address, void *bytes, size_t size)
{
  return address && pread(memory, bytes, size, (off_t) address) == (ssize_t) size;
}

/* Where the program headers lie, and how many there are. */
static bool find_headers(const char *pid, unsigned long *headers, unsigned long *count)
{
  int fd = open_of(pid, "auxv");
  unsigned long entry[2];

  *headers = *count = 0;
  while (fd != -1 && read(fd, entry, sizeof entry) == sizeof entry && entry[0] != AT_NULL) {
    if (entry[0] == AT_PHDR)
      *headers = entry[1];
    else if (entry[0] == AT_PHNUM)
      *count = entry[1];
  }
  if (fd != -1)
    close(fd);
  return *headers && *count && *count < 256;
}

/* The address of the program's dynamic section; 0 if it has none. */
static unsigned long find_dynamic(int memory, unsigned long headers, unsigned long count)
{
  unsigned long offset = 0, dynamic = 0;
  bool placed = false;

  for (unsigned long i = 0; i < count; i++) {
    ElfW(Phdr) header;

    if (!read_memory(memory, headers + i * sizeof header, &header, sizeof header))
      return 0;
    if (header.p_type == PT_PHDR) {
      offset = headers - header.p_vaddr;
      placed = true;
    } else if (header.p_type == PT_DYNAMIC) {
      dynamic = header.p_vaddr;
    }
  }
  return placed && dynamic ? offset + dynamic : 0;
}

/* Whether another list follows the first; there is a field for it since version 2 (glibc
 * 2.35). */
static bool has_other_list(int memory, unsigned long debug, int version)
{
  unsigned long next;

  return version >= 2
      && (!read_memory(memory, debug + sizeof(struct r_debug), &next, sizeof next) || next);
}

/* The address of the first object in the loader's list. */
static unsigned long find_list(int memory, unsigned long dynamic, bool *apart)
{
  struct r_debug debug;

  for (;; dynamic += sizeof(ElfW(Dyn))) {
    ElfW(Dyn) entry;

    if (!read_memory(memory, dynamic, &entry, sizeof entry) || entry.d_tag == DT_NULL)
      return 0;
    if (entry.d_tag != DT_DEBUG)
      continue;
    if (!read_memory(memory, entry.d_un.d_ptr, &debug, sizeof debug))
      return 0;
    *apart = has_other_list(memory, entry.d_un.d_ptr, debug.r_version);
    return (unsigned long) debug.r_map;
  }
}

bool read_string(int memory, unsigned long address, char *text, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if (!read_memory(memory, address + i, text + i, 1))
      return false;
    else if (!text[i])
      return true;
  return false;
}

static const char unreadable[] = "its loader's list of libraries cannot be read";

static const char *read_list(int memory, unsigned long at, struct loaded **list, size_t *count)
{
  for (; at; (*count)++) {
    struct link_map map;
    struct loaded *grown = *count < LOADED_MAX ? reallocarray(*list, *count + 1, sizeof *grown)
                                               : NULL;

    if (!grown)
      return unreadable;
    *list = grown;
    if (!read_memory(memory, at, &map, sizeof map)
        || !read_string(memory, (unsigned long) map.l_name, grown[*count].name, PATH_MAX))
      return unreadable;
    grown[*count].base = (unsigned long) map.l_addr;
    grown[*count].dynamic = (unsigned long) map.l_ld;
    at = (unsigned long) map.l_next;
  }
  return *count > 0 ? NULL : unreadable;
}

const char *read_loaded(const char *pid, struct loaded **list, size_t *count, bool *apart)
{
  unsigned long headers, header_count;
  const char *wrong;
  int memory;

  *list = NULL;
  *count = 0;
  *apart = false;
  memory = open_of(pid, "mem");
  if (memory == -1)
    return strerror(errno);
  if (!find_headers(pid, &headers, &header_count))
    wrong = unreadable;
  else
    wrong = read_list(memory, find_list(memory, find_dynamic(memory, headers, header_count), apart),
                      list, count);
  close(memory);
  if (wrong) {
    free(*list);
    *list = NULL;
    *count = 0;
  }
  return wrong;
}
