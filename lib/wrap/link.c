/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link(2), durable. */
#include "core/internal.h"

EXPORT int link(const char *oldpath, const char *newpath)
{
  return syncdir_link(oldpath, newpath);
}
