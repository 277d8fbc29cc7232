# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR_CHECK
# Decides whether tests can be linked with the library Check, and with it
# statically.  pkg-config does not know for which C library Check was built.
AC_DEFUN([_SYNCDIR_LINKS_CHECK], [
  AC_CACHE_CHECK([whether $1 programs can be linked with Check], [syncdir_cv_check_$1], [
    saved_CFLAGS=$CFLAGS saved_LIBS=$LIBS saved_LDFLAGS=$LDFLAGS
    CFLAGS="$CFLAGS $CHECK_CFLAGS" LIBS="$2 $LIBS" LDFLAGS="$LDFLAGS $3"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <check.h>]], [[suite_create("");]])],
      [syncdir_cv_check_$1=$have_check], [syncdir_cv_check_$1=no])
    CFLAGS=$saved_CFLAGS LIBS=$saved_LIBS LDFLAGS=$saved_LDFLAGS])
  AS_IF([test "$syncdir_cv_check_$1" = no],
    [AC_MSG_WARN([make check leaves most tests in $1 programs out])])
])
AC_DEFUN([SYNCDIR_CHECK], [
  PKG_CHECK_MODULES([CHECK], [check >= 0.15], [have_check=yes], [have_check=no])
  PKG_CHECK_MODULES_STATIC([CHECK_STATIC], [check >= 0.15], [], [:])
  _SYNCDIR_LINKS_CHECK([dynamic], [$CHECK_LIBS], [])
  _SYNCDIR_LINKS_CHECK([static], [$CHECK_STATIC_LIBS], [-static])
  AM_CONDITIONAL([HAVE_CHECK], [test "$syncdir_cv_check_dynamic" = yes])
  AM_CONDITIONAL([HAVE_STATIC_CHECK], [test "$syncdir_cv_check_static" = yes])
])
