/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A C library without all that one may lack: nothing is found behind this
 * object but what has no system call. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

static int is_indispensable(const char *name)
{
  static const char *const names[] = {
    "fopen", "freopen", "mkstemp", "mkostemp", "mkstemps", "mkostemps", "mkdtemp",
  };

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0)
      return 1;
  return 0;
}

void *dlsym(void *handle, const char *name)
{
  typedef void *look_up_function(void *, const char *);
  look_up_function *look_up = (look_up_function *) dlvsym(RTLD_NEXT, "dlsym", DLSYM_VERSION);

  return handle == RTLD_NEXT && !is_indispensable(name) ? NULL : look_up(handle, name);
}
