/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which syncdir this is. */
#include "config.h"
#include "core/internal.h"

EXPORT const char *syncdir_version(void)
{
  return PACKAGE_VERSION;
}
