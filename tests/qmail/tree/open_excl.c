/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new file, as qmail opens one. */
#include <fcntl.h>

#include "open.h"

int open_excl(const char *name)
{
  return open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
}
