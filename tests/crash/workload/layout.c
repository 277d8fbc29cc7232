/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes what a workload finds, by raw system calls. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "layout.h"
#include "marks.h"

static long must(long result, const char *path, const char *done)
{
  if (result == -1)
    err(2, "%s cannot be %s", path, done);
  return result;
}

int raw_open(const char *path, int flags)
{
  return must(syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0666), path, "opened");
}

void raw_mkdir(const char *path)
{
  must(syscall(SYS_mkdirat, AT_FDCWD, path, 0777), path, "made");
}

void raw_symlink(const char *target, const char *path)
{
  must(syscall(SYS_symlinkat, target, AT_FDCWD, path), path, "made");
}

void raw_file(const char *path, const char *text)
{
  int fd = raw_open(path, O_CREAT | O_EXCL | O_WRONLY);

  must(dprintf(fd, "%s\n", text) < 0 ? -1 : 0, path, "written");
  must(close(fd), path, "closed");
}

void enter(const char *directory)
{
  must(chdir(directory), directory, "entered");
}

static void make_fifo(const char *path)
{
  must(syscall(SYS_mknodat, AT_FDCWD, path, S_IFIFO | 0666, 0), path, "made");
}

static void make_link(const char *path, const char *target)
{
  must(syscall(SYS_linkat, AT_FDCWD, target, AT_FDCWD, path, 0), path, "linked");
}

/* So long that a few of them fill a block, and all one inode. */
static const char *path_of_entry(const char *directory, int number)
{
  static char path[512];

  snprintf(path, sizeof path, "%s%0240d", directory, number);
  return path;
}

static void fill(const char *directory, int count)
{
  char first[512];

  strcpy(first, path_of_entry(directory, 0));
  make_fifo(first);
  for (int i = 1; i < count; i++)
    make_link(path_of_entry(directory, i), first);
}

static void empty(const char *directory, int count)
{
  for (int i = 0; i < count; i++) {
    const char *path = path_of_entry(directory, i);

    must(syscall(SYS_unlinkat, AT_FDCWD, path, 0), path, "removed");
  }
}

/* Cuts ENTRY in two: the name, which remains, and the VALUE behind the sign that
 * tells the kind.  'f' is a plain file. */
static char split(char *entry, const char **value)
{
  size_t length = strcspn(entry, "=>|:+-");
  char kind = entry[length];

  if (kind == '\0')
    return entry[length - 1] == '/' ? '/' : 'f';
  entry[length] = '\0';
  *value = entry + length + 1;
  return kind;
}

static void lay_out_entry(const char *tree, char *path)
{
  const char *value = NULL;

  (void) tree;
  switch (split(path, &value)) {
    case '/': raw_mkdir(path); break;
    case ':': must(chmod(path, strtoul(value, NULL, 8)), path, "given a mode"); break;
    case '+': fill(path, atoi(value)); break;
    case '-': empty(path, atoi(value)); break;
    case '>': raw_symlink(value, path); break;
    case '|': make_fifo(path); break;
    case '=': make_link(path, value); break;
    default: raw_file(path, path);
  }
}

static void mark_entry(const char *tree, char *entry)
{
  const char *value;

  if (split(entry, &value) == 'f')
    fsynced(tree, entry);
}

static void each_entry(const char *layout, const char *tree,
                       void (*act)(const char *tree, char *entry))
{
  char *copy = strdup(layout), *rest;

  if (!copy)
    err(2, "no memory for a layout");
  for (char *entry = strtok_r(copy, " ", &rest); entry; entry = strtok_r(NULL, " ", &rest))
    act(tree, entry);
  free(copy);
}

/* The filesystem of the current directory, and no other: somebody may write gigabytes
 * there.  Twice: what the first writes may still be in the cache of a disk without a
 * journal, and the second flushes that. */
void sync_all(void)
{
  int here = raw_open(".", O_RDONLY | O_DIRECTORY);

  if (here == -1 || syncfs(here) == -1 || syncfs(here) == -1)
    err(2, "cannot flush the filesystem");
  close(here);
}

/* In the tree, for there may be no path to the places deep below it. */
void make_tree(const char *tree, const char *layout)
{
  int before = raw_open(".", O_PATH | O_DIRECTORY);

  raw_mkdir(tree);
  enter(tree);
  each_entry(layout, NULL, lay_out_entry);
  must(fchdir(before), "the former directory", "entered");
  close(before);
}

void mark_files(const char *tree, const char *layout)
{
  each_entry(layout, tree, mark_entry);
}
