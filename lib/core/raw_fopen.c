/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fopen(3) without libc's: open, then fdopen.  For the archive, which replaces
 * libc's own. */
#include <errno.h>
#include <string.h>

#include "core/raw.h"
#include "core/stream.h"

/* The open flags of fopen's MODE; -1 where it is none. */
static int open_flags(const char *mode)
{
  size_t letters = letters_of_mode(mode);
  int flags = memchr(mode, '+', letters) ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;

  switch (*mode) {
    case 'r': break;
    case 'w': flags |= O_TRUNC; break;
    case 'a': flags |= O_APPEND; break;
    default:
      errno = EINVAL;
      return -1;
  }
  if (memchr(mode, 'e', letters))
    flags |= O_CLOEXEC;
  return flags | creation_flags_of_mode(mode);
}

#ifdef __GLIBC__
/* fdopen knows nothing of ",ccs=CODESET".  A freopen without a path opens the
 * same file anew, by /proc, and knows it; what must not be there, is there. */
static FILE *with_codeset(FILE *stream, const char *mode)
{
  char again[128];
  size_t length = 0;

  if (strlen(mode) >= sizeof again) {
    fclose(stream);
    errno = EINVAL;
    return NULL;
  }
  for (const char *letter = mode; *letter; letter++)
    if (*letter != 'x' || letter > strchr(mode, ','))
      again[length++] = *letter;
  again[length] = '\0';
  return freopen(NULL, again, stream);
}
#endif

FILE *raw_fopen(const char *path, const char *mode)
{
  int flags = open_flags(mode), fd;
  FILE *stream;

  if (flags == -1)
    return NULL;
  fd = raw_open64(path, flags, 0666);
  if (fd == -1)
    return NULL;
  stream = fdopen(fd, mode);
  if (!stream) {
    sys_close(fd);
    return NULL;
  }
#ifdef __GLIBC__
  if (strstr(mode, ",ccs="))
    return with_codeset(stream, mode);
#endif
  return stream;
}
