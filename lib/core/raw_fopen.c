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

/* A stream that was opened and closed again, as _IO_file_fopen needs it. */
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

/* By the functions that fopen(3) of glibc calls: fdopen ignores ",ccs=CODESET" and the
 * letter c, and freopen loses them.  Other C libraries have neither. */
static FILE *fopen_as_glibc(const char *path, const char *mode)
{
  FILE *stream = unopened_stream();

  if (!stream || _IO_file_fopen(stream, path, mode, 0))
    return stream;
  fclose(stream); /* it has no file, so this leaves errno alone */
  return NULL;
}

/* Everything else in MODE was given to open; glibc's letter m, to read by mmap, is only a
 * hint. */
static FILE *stream_of(int fd, int flags, const char *mode)
{
  const char letters[] = { *mode, (flags & O_ACCMODE) == O_RDWR ? '+' : '\0', '\0' };

  /* glibc's fopen goes to the end of a file that is opened only to append. */
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
