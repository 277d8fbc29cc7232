/* SPDX-License-Identifier: GPL-2.0-or-later */
/* freopen(3), then, if it made the file, a flush of the directory that holds it.
 * A PATH of NULL changes the mode of the same file, and no name. */
#include <errno.h>

#include "core/internal.h"

/* A second freopen, which cannot succeed, leaves the stream as libc itself
 * leaves one whose freopen failed; fclose might free it twice. */
static FILE *closed(FILE *stream)
{
  int saved = errno;

  NEXT(freopen)("", "r", stream);
  errno = saved;
  return NULL;
}

EXPORT FILE *syncdir_freopen(const char *path, const char *mode, FILE *stream)
{
  const struct before before = before_open(AT_FDCWD, path, creation_flags_of_mode(mode));
  FILE *reopened = NEXT(freopen)(path, mode, stream);

  if (reopened && path && durable_stream("freopen", reopened, path, mode, &before) == -1)
    return closed(reopened);
  return reopened;
}

EXPORT FILE *syncdir_freopen64(const char *path, const char *mode, FILE *stream)
{
  const struct before before = before_open(AT_FDCWD, path, creation_flags_of_mode(mode));
  FILE *reopened = NEXT(freopen64)(path, mode, stream);

  if (reopened && path && durable_stream("freopen64", reopened, path, mode, &before) == -1)
    return closed(reopened);
  return reopened;
}
