/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that need not be judged: the parts of the C library, and of our own. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "syncdir/copies.h"
#include "syncdir/installed.h"
#include "syncdir/library.h"
#include "elf/object.h"
#include "parts.h"

static bool is_same(const char *file, const char *installed)
{
  return same_file(file, installed) || same_bytes(file, installed);
}

/* Whether FILE is the NAME in the folder that NEIGHBOUR lies in. */
static bool is_beside(const char *file, const char *name, const char *neighbour)
{
  char installed[2 * PATH_MAX];
  const char *slash = strrchr(neighbour, '/');

  if (!slash)
    return false;
  snprintf(installed, sizeof installed, "%.*s/%s", (int) (slash - neighbour), neighbour, name);
  return is_same(file, installed);
}

bool is_installed_part(const char *name, const char *file)
{
  void *loader = (void *) getauxval(AT_BASE);
  Dl_info ours;

  if (strcmp(name, "libsyncdir-api.so.1") == 0)
    return is_beside(file, name, library_path);
  if (!is_part_of_libc(name))
    return false;
  /* Our own C library, whose loader need not lie beside it. */
  return (dladdr((void *) confstr, &ours) && is_beside(file, name, ours.dli_fname))
      || (loader && dladdr(loader, &ours) && is_same(file, ours.dli_fname));
}
