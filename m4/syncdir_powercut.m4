# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR_POWERCUT
# Decides whether the crash laboratory can be built: it serves a block device
# with libfuse3.
AC_DEFUN([SYNCDIR_POWERCUT], [
  PKG_CHECK_MODULES([POWERCUT], [fuse3 >= 3.12 mount libxxhash >= 0.8],
    [have_powercut=yes],
    [have_powercut=no
     AC_MSG_WARN([make check cuts no power: libfuse3, libmount or libxxhash are missing])])
  AM_CONDITIONAL([HAVE_POWERCUT], [test "$have_powercut" = yes])
])
