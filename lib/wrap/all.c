/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wrappers of the archive, in one object.
 *
 * A linker takes from an archive only the objects that it needs by then.  If each wrapper
 * had its own object, a program would get only those that it calls itself; an archive that
 * comes after ours, as g++ puts libstdc++.a, would get the C library's rename.  So the first
 * wrapper that is needed brings all of them.  A program that calls none of them, but whose
 * other archives do, is linked with -Wl,-u,syncdir_wraps. */
#include "wrap/wrap.h"

KEPT const char syncdir_wraps[] = "@(#)syncdir " PACKAGE_VERSION;

#include "wrap/creat.c"
#include "wrap/fdatasync.c"
#include "wrap/fopen.c"
#include "wrap/fsync.c"
#include "wrap/link.c"
#include "wrap/linkat.c"
#include "wrap/mkdir.c"
#include "wrap/mkdirat.c"
#include "wrap/mkdtemp.c"
#include "wrap/mkfifo.c"
#include "wrap/mkfifoat.c"
#include "wrap/mknod.c"
#include "wrap/mknodat.c"
#include "wrap/mkostemp.c"
#include "wrap/mkostemps.c"
#include "wrap/mkstemp.c"
#include "wrap/mkstemps.c"
#include "wrap/open.c"
#include "wrap/openat.c"
#include "wrap/openat2.c"
#include "wrap/remove.c"
#include "wrap/rename.c"
#include "wrap/renameat.c"
#include "wrap/renameat2.c"
#include "wrap/rmdir.c"
#include "wrap/symlink.c"
#include "wrap/symlinkat.c"
#include "wrap/unlink.c"
#include "wrap/unlinkat.c"
#include "wrap/xmknod.c"
