/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks and leases of files.  What cannot be known counts as held. */
#include "defer/locked.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "core/sys.h"
#include "core/text.h"
#include "defer/words.h"

/* What libc shows only to those who ask for all of it. */
#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#endif

/* Whose lock would be in the way of one of this open file: anybody's, and this process's
 * too.  /proc/locks has them all, but to read it is to wait until no processor looks at a
 * lock any more, some milliseconds.  O_PATH, which is refused, lets go of none. */
bool process_may_lock(int fd)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  long result = GATE(SYS_fcntl, fd, F_OFD_GETLK, &lock);

  return result != -EBADF && (result != 0 || lock.l_type != F_UNLCK);
}

/* "lock:	1: FLOCK  ADVISORY  WRITE 4711 ..." */
static bool is_lock(const char *word, int at)
{
  return at == 0 && strncmp(word, "lock:", 5) == 0;
}

bool file_may_be_locked(int fd)
{
  char buffer[sizeof "/proc/self/fdinfo/" + 20];
  struct text path = empty_text(buffer, sizeof buffer);

  add_string(&path, "/proc/self/fdinfo/");
  add_number(&path, fd);
  return some_word(buffer, is_lock);
}

/* "2: LEASE  ACTIVE    READ ...", or "DELEG": of any process. */
static bool is_lease(const char *word, int at)
{
  return at == 1 && (strcmp(word, "LEASE") == 0 || strcmp(word, "DELEG") == 0);
}

static unsigned opens;

/* To ask takes some milliseconds, or a few microseconds if it was asked just before.  So a
 * program that opens files once in a while has them flushed for, and one that opens many is
 * asked for. */
bool may_be_leased(void)
{
  enum { FEW = 8 };

  return opens++ < FEW || some_word("/proc/locks", is_lease);
}

#endif
