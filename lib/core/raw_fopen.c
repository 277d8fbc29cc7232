/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fopen(3) without libc's: open, then fdopen.  For the archive, which replaces
 * libc's own. */
#include <errno.h>
#include <string.h>

#include "core/durable.h"
#include "core/replaced.h"
#include "core/stream.h"

/* The open flags of fopen's MODE; -1 where it is none. */
static int open_flags(const char *mode)
{
  size_t letters = letters_of_mode(mode);
  int flags = memchr(mode, '+', letters) ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;

  switch (*mode) {
    case 'r':
    case 'w': break;
    case 'a': flags |= O_APPEND; break;
    default: errno = EINVAL; return -1;
  }
  if (memchr(mode, 'e', letters))
    flags |= O_CLOEXEC;
  return flags | creation_flags_of_mode(mode);
}

/* fdopen(3) by a name that no program may define, where there is one. */
__attribute__((weak)) FILE *_IO_fdopen(int fd, const char *mode);

static FILE *stream_on(int fd, const char *mode)
{
  return _IO_fdopen ? _IO_fdopen(fd, mode) : fdopen(fd, mode);
}

/* A stream that is not open, for _IO_file_fopen: it was, and is not any more. */
static FILE *unopened_stream(void)
{
  int fd = sys_openat(AT_FDCWD, "/", O_PATH | O_CLOEXEC);
  FILE *stream = fd == -1 ? NULL : stream_on(fd, "r");

  if (stream)
    _IO_file_close_it(stream);
  else if (fd != -1)
    sys_close(fd);
  return stream;
}

/* By what fopen(3) of glibc calls: fdopen overlooks ",ccs=CODESET" and the letter c, and
 * freopen forgets them again.  Other C libraries have neither. */
static FILE *fopen_as_glibc(const char *path, const char *mode)
{
  FILE *stream = unopened_stream();

  if (!stream || _IO_file_fopen(stream, path, mode, 0))
    return stream;
  fclose(stream); /* was never open, and leaves errno alone */
  return NULL;
}

/* What else MODE says, open was told; glibc's letter m, to read by mmap, is but a
 * hint. */
static FILE *stream_of(int fd, int flags, const char *mode)
{
  const char letters[] = { *mode, (flags & O_ACCMODE) == O_RDWR ? '+' : '\0', '\0' };

  /* glibc's fopen goes to the end where nothing but appending is asked for. */
  if (with_glibc() && *mode == 'a' && (flags & O_ACCMODE) == O_WRONLY)
    sys_seek_end(fd);
  return stream_on(fd, letters);
}

FILE *raw_fopen(const char *path, const char *mode)
{
  int flags = open_flags(mode), fd;
  FILE *stream;

  if (flags == -1)
    return NULL;
  if (with_glibc() && (memchr(mode, 'c', letters_of_mode(mode)) || strstr(mode, ",ccs=")))
    return fopen_as_glibc(path, mode);
  fd = raw_open64(path, flags, 0666);
  if (fd == -1)
    return NULL;
  stream = stream_of(fd, flags, mode);
  if (!stream)
    sys_close(fd);
  return stream;
}
