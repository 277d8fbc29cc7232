/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls openat2 in the ways in which it is not openat, in the current directory. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdint.h>

#include "core/hidden_names.h"
#include "mark.h"

#pragma weak openat2

enum { IN_ROOT = 0x10, BENEATH = 0x08 };

static int opens(const char *path, uint64_t flags, uint64_t resolve)
{
  const uint64_t how[] = { flags, flags & O_CREAT ? 0600 : 0, resolve };
  int root = open(".", O_PATH | O_DIRECTORY);

  return openat2(root, path, (const void *) how, sizeof how) != -1;
}

static int exclusive(void)
{
  return opens("/new", O_CREAT | O_EXCL | O_WRONLY, IN_ROOT);
}
static int upwards(void)
{
  return opens("/../../new", O_CREAT | O_EXCL | O_WRONLY, IN_ROOT);
}
static int beneath(void)
{
  return opens("new", O_CREAT | O_EXCL | O_WRONLY, BENEATH);
}
static int through(void)
{
  return symlink("/new", "olddir/link") == 0 && opens("/olddir/link", O_CREAT | O_WRONLY, IN_ROOT);
}
static int leading(void)
{
  return symlink("/", "olddir/top") == 0
      && opens("/olddir/top/new", O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, IN_ROOT);
}
static int reading(void)
{
  return opens("/old", O_RDONLY, IN_ROOT);
}
static int refused(void)
{
  return openat2(AT_FDCWD, "new", (const void *) 1, 24) == -1 && errno == EFAULT
      && openat2(AT_FDCWD, "new", NULL, 0) == -1 && errno == EINVAL;
}

int main(void)
{
  static const struct marked_call calls[] = {
    { "exclusive", exclusive }, { "upwards", upwards }, { "beneath", beneath },
    { "through", through },     { "leading", leading }, { "reading", reading },
    { "refused", refused },
  };

  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    make_marked(&calls[i]);
  return 0;
}
