/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The variable argument of open(2) and its kin. */
#ifndef SYNCDIR_MODE_H
#define SYNCDIR_MODE_H

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/types.h>

/* The mode that FLAGS make open(2) read from its variable arguments, else 0.
 * O_TMPFILE holds the bit of O_DIRECTORY: only the whole pattern counts. */
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
