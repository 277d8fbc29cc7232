/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a path. */
#include <string.h>

#include "common/path.h"

const char *last_component(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash ? slash + 1 : path;
}
