# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR_BENCH
# Decides whether the benchmark can be built: HAVE_BENCH, BENCH_CFLAGS, BENCH_LIBS.
# It preloads, and so needs the shared library.
AC_DEFUN([SYNCDIR_BENCH], [
  PKG_CHECK_MODULES([BENCH], [fuse3 jansson], [have_bench=$enable_shared],
    [have_bench=no
     AC_MSG_NOTICE([the benchmark is not built: it needs libfuse3 and libjansson])])
  AM_CONDITIONAL([HAVE_BENCH], [test "$have_bench" = yes])
])
