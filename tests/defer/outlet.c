/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that makes a directory, and then lets that out in a way that does not look
 * like one: what ends its batch, the trace tells.
 *
 *   outlet WAY [FILE]      FILE: for "terminal" */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 2 * PAGE };

static void *mapped;
static int fd = -1;

static int file(void)
{
  int new = open("file", O_RDWR | O_CREAT, 0600);

  if (new == -1 || ftruncate(new, PAGES) == -1)
    exit(1);
  return new;
}

/* The lock lives as long as the mapping. */
static void map_locked(void)
{
  int locked = file();

  mapped = mmap(NULL, PAGES, PROT_READ, MAP_PRIVATE, locked, 0);
  if (mapped == MAP_FAILED || flock(locked, LOCK_EX) == -1 || close(locked) == -1)
    exit(1);
}

static void map_shared(void)
{
  mapped = mmap(NULL, PAGES, PROT_READ, MAP_SHARED, file(), 0);
}

static void map_memory(void)
{
  mapped = mmap(NULL, PAGES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* An empty file that has not changed since it was made; and then it is opened again. */
static void lock_new(void)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int locked = open("new", O_RDWR | O_CREAT | O_EXCL, 0600);

  if (locked == -1 || fcntl(locked, F_SETLK, &lock) == -1)
    exit(1);
}

static void open_locked(void)
{
  fd = open("new", O_RDWR | O_CREAT, 0600);
}

/* clang-format off */
static void close_locked(void) { close(fd); }
static void unmap(void)        { munmap(mapped, PAGES); }
static void unmap_end(void)    { munmap((char *) mapped + PAGE, 1); }
static void shrink(void)       { mapped = mremap(mapped, PAGES, PAGE, 0); }
static void hole(void)         { madvise(mapped, PAGES, MADV_REMOVE); }
static void drop(void)         { madvise(mapped, PAGES, MADV_DONTNEED); }
static void ask(void)          { isatty(fd); }
static void make(void)         { mkdir("one", 0700); }
/* clang-format on */

/* A new file with some bytes: to make it longer tells nothing, to change it does. */
static void make_new(void)
{
  fd = open("new", O_RDWR | O_CREAT | O_EXCL, 0600);
  if (write(fd, "some bytes", 10) != 10)
    exit(1);
}

/* clang-format off */
static void write_more(void)     { (void) !write(fd, "more", 4); }
static void write_again(void)    { lseek(fd, 2, SEEK_SET); write_more(); }
static void write_at(void)       { (void) !pwrite(fd, "more", 4, 2); }
static void make_shorter(void)   { (void) !ftruncate(fd, 3); }
/* clang-format on */

static void map_over(void)
{
  mmap(mapped, PAGES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static const struct way {
  const char *name;
  void (*before)(void), (*change)(void), (*tell)(void);
} ways[] = {
  { "unmap",        map_locked, make, unmap },
  { "unmap-end",    map_locked, make, unmap_end },
  { "shrink",       map_locked, make, shrink },
  { "map-over",     map_locked, make, map_over },
  { "hole",         map_shared, make, hole },
  { "close",        lock_new,   open_locked, close_locked },
  { "memory",       map_memory, make, unmap },
  { "memory-over",  map_memory, make, map_over },
  { "memory-less",  map_memory, make, shrink },
  { "memory-drop",  map_memory, make, drop },
  { "terminal",     NULL,       make, ask },
  { "append",       NULL,       make_new, write_more },
  { "in-place",     NULL,       make_new, write_again },
  { "at-offset",    NULL,       make_new, write_at },
  { "shorter",      NULL,       make_new, make_shorter },
};

int main(int count, char **arguments)
{
  if (count > 2)
    fd = open(arguments[2], O_RDONLY);
  for (size_t i = 0; count > 1 && i < sizeof ways / sizeof *ways; i++)
    if (strcmp(arguments[1], ways[i].name) == 0) {
      if (ways[i].before)
        ways[i].before();
      ways[i].change();
      ways[i].tell();
      _exit(0);
    }
  return 2;
}
