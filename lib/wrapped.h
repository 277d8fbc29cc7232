/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one list of the C library's names that syncdir wraps.
 *
 * Include it with WRAPPED defined.  The table of next functions (core/next.c)
 * is made from it, and the tests read it for the exports, for the coverage and
 * for the manual, so a name is added here and nowhere else.
 *
 *   WRAPPED(name, when)
 *
 * WHEN says when the next function is looked up.  `early`, in the constructor:
 * what POSIX lists as async-signal-safe, because dlsym is not; and what is
 * called most, because dlsym forgets the message that dlerror would give next.
 * `late`, at the first call: the rest, for each look-up costs at every start. */

WRAPPED(open,          early)
WRAPPED(open64,        early)
WRAPPED(__open,        late)
WRAPPED(__open64,      late)
WRAPPED(openat,        early)
WRAPPED(openat64,      early)
WRAPPED(creat,         early)
WRAPPED(creat64,       early)

WRAPPED(link,          early)
WRAPPED(linkat,        early)
WRAPPED(symlink,       early)
WRAPPED(symlinkat,     early)

WRAPPED(rename,        early)
WRAPPED(renameat,      early)
WRAPPED(renameat2,     early)

WRAPPED(unlink,        early)
WRAPPED(unlinkat,      early)
WRAPPED(rmdir,         early)
WRAPPED(remove,        early)

WRAPPED(mkdir,         early)
WRAPPED(mkdirat,       early)
WRAPPED(mknod,         early)
WRAPPED(mknodat,       early)
WRAPPED(mkfifo,        early)
WRAPPED(mkfifoat,      early)
WRAPPED(__xmknod,      late)
WRAPPED(__xmknodat,    late)

WRAPPED(fopen,         early)
WRAPPED(fopen64,       early)
WRAPPED(_IO_fopen,     late)
WRAPPED(freopen,       early)
WRAPPED(freopen64,     late)

WRAPPED(mkstemp,       early)
WRAPPED(mkstemp64,     late)
WRAPPED(mkostemp,      late)
WRAPPED(mkostemp64,    late)
WRAPPED(mkstemps,      late)
WRAPPED(mkstemps64,    late)
WRAPPED(mkostemps,     late)
WRAPPED(mkostemps64,   late)
WRAPPED(mkdtemp,       early)
