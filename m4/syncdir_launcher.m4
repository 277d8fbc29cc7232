# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR_LAUNCHER
# Decides whether the command syncdir is built, and whether the library is
# installed for set-id programs.
AC_DEFUN([SYNCDIR_LAUNCHER], [
  AC_ARG_ENABLE([launcher],
    [AS_HELP_STRING([--disable-launcher], [leave the command syncdir out])],
    [], [enable_launcher=$enable_shared])
  AS_IF([test "$enable_launcher$enable_shared" = yesno],
    [AC_MSG_ERROR([the command syncdir preloads the shared library: leave --disable-shared or --enable-launcher out])])
  AS_IF([test "$enable_launcher" = yes],
    [PKG_CHECK_MODULES([LAUNCHER], [libelf libcap], [have_all=yes], [have_all=no])
     PKG_CHECK_MODULES([MOUNT], [mount], [], [have_all=no])
     # Its header alone: it is loaded when there is something to disassemble.
     PKG_CHECK_MODULES([CAPSTONE], [capstone], [], [have_all=no])
     AS_IF([test "$have_all" = no],
      [AC_MSG_ERROR([the command syncdir needs libelf, libmount, libcap and libcapstone (Debian: libelf-dev libmount-dev libcap-dev libcapstone-dev); --disable-launcher leaves it out])])])
  AM_CONDITIONAL([BUILD_LAUNCHER], [test "$enable_launcher" = yes])

  AC_ARG_ENABLE([setid-preload],
    [AS_HELP_STRING([--enable-setid-preload],
      [install the library with the set-user-ID bit, so that set-id programs can preload it: every one of them, see syncdir(1)])],
    [], [enable_setid_preload=no])
  AS_IF([test "$enable_setid_preload$enable_shared" = yesno],
    [AC_MSG_ERROR([--enable-setid-preload is for the shared library: leave --disable-shared out])])
  AM_CONDITIONAL([SETID_PRELOAD], [test "$enable_setid_preload" = yes])
])
