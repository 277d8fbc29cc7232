/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file to read. */
#include <fcntl.h>

#include "open.h"

int open_read(const char *name)
{
  return open(name, O_RDONLY);
}
