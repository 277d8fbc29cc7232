/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks in a trace the moment before and after one call.  Each call is made in
 * a new directory with its name, which holds a file `old` and a directory
 * `olddir`, and fails or makes, moves or removes a name there. */
#ifndef MARK_H
#define MARK_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct marked_call {
  const char *name;
  int (*make)(void); /* 0, if the call failed */
};

static void give_up(const char *name, const char *what)
{
  fprintf(stderr, "%s: ", name);
  perror(what);
  exit(1);
}

/* strace shows the text of a write. */
static void mark(const char *where, const char *name)
{
  char line[64];
  int length = snprintf(line, sizeof line, "%s %s.", where, name);

  if (write(1, line, length) != length)
    give_up(name, "mark");
}

static void make_marked(const struct marked_call *call)
{
  int old;

  if (mkdir(call->name, 0700) == -1 || chdir(call->name) == -1 || mkdir("olddir", 0700) == -1)
    give_up(call->name, "mkdir");
  old = open("old", O_CREAT | O_WRONLY, 0600);
  if (old == -1 || close(old) == -1)
    give_up(call->name, "old");
  mark("begin", call->name);
  if (!call->make())
    give_up(call->name, "failed");
  mark("end", call->name);
  if (chdir("..") == -1)
    give_up(call->name, "..");
}

#endif
