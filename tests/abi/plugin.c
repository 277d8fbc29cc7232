/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object to be loaded at run time, which makes a name. */
#include <unistd.h>

int plugin_link(const char *oldpath, const char *newpath);

int plugin_link(const char *oldpath, const char *newpath)
{
  return link(oldpath, newpath);
}
