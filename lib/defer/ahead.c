/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is opened before the program asks for it: /etc/localtime.
 *
 * To open a file asks whoever has a lease of it, and whether somebody has one is found
 * only in /proc/locks, which takes some milliseconds.  Mail has a date, so that a message
 * would cost them each time.  When a batch begins, nobody can know yet that the first of
 * its calls has returned: what is opened then tells nothing. */
#include "defer/ahead.h"
#include "defer/gate.h"

#ifdef HAS_DISPATCH

#include <fcntl.h>

#include "core/flush.h"
#include "core/sys.h"

enum { HIGH = 100 }; /* out of the way of the lowest free descriptor */

static struct {
  int fd;
  uint64_t inode;
  uint32_t major, minor;
} ahead;

bool is_opened_ahead(int fd)
{
  return fd == ahead.fd;
}

/* O_NONBLOCK: nobody waits for a lease here. */
void open_ahead(void)
{
  struct sys_stat st;
  long fd = GATE(SYS_openat, AT_FDCWD, "/etc/localtime",
                 O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

  ahead.fd = NONE;
  if (fd < 0)
    return;
  if (GATE(SYS_statx, fd, "", AT_EMPTY_PATH, STAT_TYPE | STAT_INODE, &st) == 0 && S_ISREG(st.mode)
      && GATE(SYS_fcntl, fd, F_SETFL, 0) == 0) {
    ahead.fd = GATE(SYS_fcntl, fd, F_DUPFD_CLOEXEC, HIGH);
    ahead.inode = st.inode;
    ahead.major = st.major;
    ahead.minor = st.minor;
  }
  GATE(SYS_close, fd);
}

void close_ahead(void)
{
  if (ahead.fd >= 0)
    GATE(SYS_close, ahead.fd);
  ahead.fd = NONE;
}

bool take_opened_ahead(const struct sys_stat *st, int flags, long *result)
{
  enum { LARGE_FILE = 0100000 }; /* the kernel's: open(2) has it in any case */
  const int how = flags & ~LARGE_FILE;

  if (ahead.fd < 0 || (how != O_RDONLY && how != (O_RDONLY | O_CLOEXEC)) || st->inode != ahead.inode
      || st->major != ahead.major || st->minor != ahead.minor)
    return false;
  *result = GATE(SYS_fcntl, ahead.fd, how & O_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD, 0);
  if (*result < 0)
    return false;
  close_ahead();
  return true;
}

#endif
