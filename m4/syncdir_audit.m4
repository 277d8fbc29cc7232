# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR_AUDIT
# Decides whether syncdir --audit is built: it is, with the command syncdir, where its
# libraries are.
AC_DEFUN([SYNCDIR_AUDIT], [
  AC_ARG_ENABLE([audit],
    [AS_HELP_STRING([--disable-audit], [leave syncdir --audit out])],
    [], [AS_IF([test "$enable_launcher" = yes], [enable_audit=if-possible], [enable_audit=no])])
  AS_IF([test "$enable_launcher$enable_audit" = noyes],
    [AC_MSG_ERROR([syncdir --audit is part of the command syncdir: leave --disable-launcher or --enable-audit out])])
  AS_IF([test "$enable_audit" != no],
    [PKG_CHECK_MODULES([AUDIT], [libdw >= 0.180 libseccomp >= 2.5 libcap],
      [enable_audit=yes],
      [AS_IF([test "$enable_audit" = yes],
        [AC_MSG_ERROR([syncdir --audit needs libdw and libseccomp (Debian: libdw-dev libseccomp-dev)])],
        [AC_MSG_WARN([syncdir --audit is left out: libdw or libseccomp are missing])])
       enable_audit=no])])
  AM_CONDITIONAL([BUILD_AUDIT], [test "$enable_audit" = yes])
])
