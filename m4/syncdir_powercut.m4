# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR_POWERCUT
# Decides whether the command powercut is built: it is, where its libraries are.  Not
# with --disable-shared, which is for C libraries for which Debian has none of them.
AC_DEFUN([SYNCDIR_POWERCUT], [
  AC_ARG_ENABLE([powercut],
    [AS_HELP_STRING([--disable-powercut], [leave the command powercut out])],
    [], [AS_IF([test "$enable_shared" = yes], [enable_powercut=if-possible], [enable_powercut=no])])
  AS_IF([test "$enable_powercut" != no],
    [PKG_CHECK_MODULES([POWERCUT], [fuse3 >= 3.12 mount libxxhash >= 0.8],
      [enable_powercut=yes],
      [AS_IF([test "$enable_powercut" = yes],
        [AC_MSG_ERROR([the command powercut needs libfuse3, libmount and libxxhash (Debian: libfuse3-dev libmount-dev libxxhash-dev)])],
        [AC_MSG_WARN([the command powercut is left out, and make check cuts no power: libfuse3, libmount or libxxhash are missing])])
       enable_powercut=no])])
  AM_CONDITIONAL([BUILD_POWERCUT], [test "$enable_powercut" = yes])
])
