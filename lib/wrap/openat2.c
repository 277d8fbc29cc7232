/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openat2(2), durable.  The C library has it since glibc 2.43; where it does not, this is the
 * system call. */
#include "wrap/wrap.h"

WRAP int openat2(int dirfd, const char *path, const struct open_how *how, size_t size)
{
  return syncdir_openat2(dirfd, path, how, size);
}

MARK(openat2)
