/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an open descriptor leads. */
#include "core/descriptor.h"
#include "core/sys.h"
#include "core/text.h"

/* By thread-self: a thread may have descriptors of its own. */
ssize_t path_of_descriptor(int fd, char *path, size_t size)
{
  char link[sizeof "/proc/thread-self/fd/" + 20];
  struct text text = empty_text(link, sizeof link);
  ssize_t length;

  add_string(&text, "/proc/thread-self/fd/");
  add_number(&text, fd);
  length = sys_readlink(link, path, size - 1);
  if (length <= 0)
    return -1;
  path[length] = '\0';
  return length;
}
