/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one list of the C library's names that syncdir wraps.
 *
 * Include it with WRAPPED defined.  The table of next functions (core/next.c)
 * is made from it, and the tests read it for the exports, for the coverage and
 * for the manual, so a name is added here and nowhere else.
 *
 *   WRAPPED(name)   a call that changes a directory
 *   SEEN(name)      one that is only noted; left out unless SEEN is defined */

WRAPPED(open)
WRAPPED(open64)
WRAPPED(__open)
WRAPPED(__open64)
WRAPPED(openat)
WRAPPED(openat64)
WRAPPED(openat2)
WRAPPED(creat)
WRAPPED(creat64)

WRAPPED(link)
WRAPPED(linkat)
WRAPPED(symlink)
WRAPPED(symlinkat)

WRAPPED(rename)
WRAPPED(renameat)
WRAPPED(renameat2)

WRAPPED(unlink)
WRAPPED(unlinkat)
WRAPPED(rmdir)
WRAPPED(remove)

WRAPPED(mkdir)
WRAPPED(mkdirat)
WRAPPED(mknod)
WRAPPED(mknodat)
WRAPPED(mkfifo)
WRAPPED(mkfifoat)
WRAPPED(__xmknod)
WRAPPED(__xmknodat)

WRAPPED(fopen)
WRAPPED(fopen64)
WRAPPED(_IO_fopen)
WRAPPED(freopen)
WRAPPED(freopen64)

WRAPPED(mkstemp)
WRAPPED(mkstemp64)
WRAPPED(mkostemp)
WRAPPED(mkostemp64)
WRAPPED(mkstemps)
WRAPPED(mkstemps64)
WRAPPED(mkostemps)
WRAPPED(mkostemps64)
WRAPPED(mkdtemp)

#ifdef SEEN
SEEN(fsync)
SEEN(fdatasync)
#endif
