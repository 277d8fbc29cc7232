/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fopen in a mode that creates. */
#include <errno.h>
#include <string.h>

#include "core/durable.h"
#include "core/libc.h"
#include "core/stream.h"

/* Where glibc's headers show the field, not by fileno(3): a program may have a function of
 * that name. */
static int descriptor_of(FILE *stream)
{
#ifdef __GLIBC__
  if (with_glibc())
    return stream->_fileno;
#endif
  return fileno(stream);
}

/* glibc reads no more than seven letters. */
size_t letters_of_mode(const char *mode)
{
  if (!with_glibc())
    return strlen(mode);
  return memchr(mode, '\0', 7) ? strlen(mode) : 7;
}

int creation_flags_of_mode(const char *mode)
{
  if (*mode == 'r')
    return 0;
  return O_CREAT | (*mode == 'w' ? O_TRUNC : 0)
       | (memchr(mode, 'x', letters_of_mode(mode)) ? O_EXCL : 0);
}

int durable_stream(const char *call, FILE *stream, const char *path, const char *mode,
                   const struct before *before)
{
  int flags = creation_flags_of_mode(mode);

  return flags ? durable_file(call, descriptor_of(stream), AT_FDCWD, path, flags, before) : 0;
}

FILE *durable_fopen(const char *call, FILE *stream, const char *path, const char *mode,
                    const struct before *before)
{
  int saved;

  if (!stream || durable_stream(call, stream, path, mode, before) == 0)
    return stream;
  saved = errno;
  fclose(stream);
  errno = saved;
  return NULL;
}
