/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a name by libc's call and one by syncdir's, in the current directory.
 * With PLAIN it does not mention syncdir.  --version prints the library's. */
#include <string.h>

#include "mark.h"
#ifndef PLAIN
#include <syncdir.h>
#endif

static int plain(void)
{
  return link("old", "new") == 0;
}

#ifdef PLAIN
static const char *syncdir_version(void)
{
  return "none";
}
#else
static int called(void)
{
  return syncdir_link("old", "new") == 0;
}
#endif

int main(int argc, char **argv)
{
  static const struct marked_call calls[] = {
    { "plain", plain },
#ifndef PLAIN
    { "called", called },
#endif
  };

  if (argc == 2 && strcmp(argv[1], "--version") == 0) {
    puts(syncdir_version());
    return 0;
  }
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    make_marked(&calls[i]);
  return 0;
}
