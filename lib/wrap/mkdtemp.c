/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkdtemp(3), durable. */
#include "core/internal.h"

EXPORT char *mkdtemp(char *template)
{
  return syncdir_mkdtemp(template);
}
