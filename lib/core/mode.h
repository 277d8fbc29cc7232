/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The variable argument of open(2) and its kin. */
#ifndef SYNCDIR_MODE_H
#define SYNCDIR_MODE_H

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/types.h>

/* Whether open(2) with FLAGS reads a mode from its variable arguments.  O_TMPFILE includes
 * the bit of O_DIRECTORY, so all of its bits must be set. */
static inline bool takes_mode(int flags)
{
  return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

#define READ_MODE(mode, flags)          \
  do {                                  \
    va_list arguments;                  \
    va_start(arguments, flags);         \
    if (takes_mode(flags))              \
      mode = va_arg(arguments, mode_t); \
    va_end(arguments);                  \
  } while (0)

#endif
