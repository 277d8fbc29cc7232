/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls every name that syncdir wraps, the way a program calls it, in the
 * current directory.  "fire --names" prints the names and calls nothing;
 * "fire --next" prints each before its call, which may fail; "fire --but NAME" leaves one
 * out.
 *
 * REFERENCES is a header that binds names to their versions in the C library,
 * made by tests/abi/fire.sh. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <string.h>

#include "core/hidden_names.h"
#include "mark.h"
#ifdef REFERENCES
#include REFERENCES
#endif

/* Not a constant for the compiler, so that _FORTIFY_SOURCE cannot decide. */
static volatile int creating = O_CREAT | O_WRONLY;

#define AT AT_FDCWD
#define TEMPLATE ((char[]) { "newXXXXXX" })
#define WITH_SUFFIX ((char[]) { "newXXXXXX.x" })
#define CREATING ((void *) (unsigned long long[]) { creating, 0600, 0 })
#define OPEN_STREAM fopen("old", "r")

/* clang-format off */
#define CALLS \
  CALL(open,        open("new", creating, 0600) != -1) \
  CALL(open64,      open64("new", creating, 0600) != -1) \
  CALL(__open,      __open("new", creating, 0600) != -1) \
  CALL(__open64,    __open64("new", creating, 0600) != -1) \
  CALL(openat,      openat(AT, "new", creating, 0600) != -1) \
  CALL(openat64,    openat64(AT, "new", creating, 0600) != -1) \
  CALL(openat2,     openat2(AT, "new", CREATING, 24) != -1) \
  CALL(creat,       creat("new", 0600) != -1) \
  CALL(creat64,     creat64("new", 0600) != -1) \
  CALL(link,        link("old", "new") == 0) \
  CALL(linkat,      linkat(AT, "old", AT, "new", 0) == 0) \
  CALL(symlink,     symlink("old", "new") == 0) \
  CALL(symlinkat,   symlinkat("old", AT, "new") == 0) \
  CALL(rename,      rename("old", "new") == 0) \
  CALL(renameat,    renameat(AT, "old", AT, "new") == 0) \
  CALL(renameat2,   renameat2(AT, "old", AT, "new", 0) == 0) \
  CALL(unlink,      unlink("old") == 0) \
  CALL(unlinkat,    unlinkat(AT, "olddir", AT_REMOVEDIR) == 0) \
  CALL(rmdir,       rmdir("olddir") == 0) \
  CALL(remove,      remove("old") == 0) \
  CALL(mkdir,       mkdir("new", 0700) == 0) \
  CALL(mkdirat,     mkdirat(AT, "new", 0700) == 0) \
  CALL(mknod,       mknod("new", S_IFREG | 0600, 0) == 0) \
  CALL(mknodat,     mknodat(AT, "new", S_IFREG | 0600, 0) == 0) \
  CALL(mkfifo,      mkfifo("new", 0600) == 0) \
  CALL(mkfifoat,    mkfifoat(AT, "new", 0600) == 0) \
  CALL(__xmknod,    xmknod(0) || xmknod(1)) \
  CALL(__xmknodat,  xmknodat(0) || xmknodat(1)) \
  CALL(fopen,       fopen("new", "w") != NULL) \
  CALL(fopen64,     fopen64("new", "w") != NULL) \
  CALL(_IO_fopen,   _IO_fopen("new", "w") != NULL) \
  CALL(freopen,     freopen("new", "w", OPEN_STREAM) != NULL) \
  CALL(freopen64,   freopen64("new", "w", OPEN_STREAM) != NULL) \
  CALL(mkstemp,     mkstemp(TEMPLATE) != -1) \
  CALL(mkstemp64,   mkstemp64(TEMPLATE) != -1) \
  CALL(mkostemp,    closes_on_exec(mkostemp(TEMPLATE, O_CLOEXEC))) \
  CALL(mkostemp64,  closes_on_exec(mkostemp64(TEMPLATE, O_CLOEXEC))) \
  CALL(mkstemps,    mkstemps(WITH_SUFFIX, 2) != -1) \
  CALL(mkstemps64,  mkstemps64(WITH_SUFFIX, 2) != -1) \
  CALL(mkostemps,   closes_on_exec(mkostemps(WITH_SUFFIX, 2, O_CLOEXEC))) \
  CALL(mkostemps64, closes_on_exec(mkostemps64(WITH_SUFFIX, 2, O_CLOEXEC))) \
  CALL(mkdtemp,     mkdtemp(TEMPLATE) != NULL)
/* clang-format on */

/* Only if the flags have arrived. */
static int closes_on_exec(int fd)
{
  return fd != -1 && fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

/* The version of the call, 0 or 1, is the architecture's; the other fails. */
static int xmknod(int version)
{
  dev_t device = 0;
  return __xmknod(version, "new", S_IFREG | 0600, &device) == 0;
}

static int xmknodat(int version)
{
  dev_t device = 0;
  return __xmknodat(version, AT, "new", S_IFREG | 0600, &device) == 0;
}

#define CALL(name, succeeds)   \
  static int make_##name(void) \
  {                            \
    return succeeds;           \
  }
CALLS
#undef CALL

static const struct marked_call calls[] = {
#define CALL(name, succeeds) { #name, make_##name },
  CALLS
#undef CALL
};

int main(int argc, char **argv)
{
  int only_names = argc == 2 && strcmp(argv[1], "--names") == 0;
  int any_result = argc == 2 && strcmp(argv[1], "--next") == 0;
  const char *left_out = argc == 3 && strcmp(argv[1], "--but") == 0 ? argv[2] : "";

  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (only_names)
      puts(calls[i].name);
    else if (any_result)
      dprintf(1, "%s:", calls[i].name), calls[i].make();
    else if (strcmp(calls[i].name, left_out) != 0)
      make_marked(&calls[i]);
  return 0;
}
