/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reaches link or rename in every way that is not a plain reference, in the
 * current directory.  PLUGIN is the path of plugin.c's object, LIBC the C
 * library's name. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <sys/syscall.h>

#include "mark.h"

typedef int linker(const char *oldpath, const char *newpath);

static int links(void *handle, const char *name)
{
  linker *make = handle ? (linker *) dlsym(handle, name) : NULL;

  if (!make)
    fprintf(stderr, "%s\n", dlerror());
  return make && make("old", "new") == 0;
}

static int from_plugin(void)
{
  return links(dlopen(PLUGIN, RTLD_NOW), "plugin_link");
}
static int from_default(void)
{
  linker *make = (linker *) dlsym(RTLD_DEFAULT, "link");
  return make && make("old", "new") == 0;
}

/* A copy of the plugin, for an object that is loaded already is not loaded anew. */
static int from_deepbind(void)
{
  return links(dlopen(PLUGIN ".deep", RTLD_NOW | RTLD_DEEPBIND), "plugin_link");
}
static int from_dlmopen(void)
{
  return links(dlmopen(LM_ID_NEWLM, PLUGIN, RTLD_NOW), "plugin_link");
}
static int from_libc(void)
{
  return links(dlopen(LIBC, RTLD_NOW), "link");
}
static int from_syscall(void)
{
  return syscall(SYS_renameat2, AT_FDCWD, "old", AT_FDCWD, "new", 0) == 0;
}

int main(void)
{
  static const struct marked_call calls[] = {
    { "plugin", from_plugin },   { "default", from_default }, { "deepbind", from_deepbind },
    { "dlmopen", from_dlmopen }, { "libc", from_libc },       { "syscall", from_syscall },
  };

  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    make_marked(&calls[i]);
  return 0;
}
