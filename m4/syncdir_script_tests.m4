# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR_SCRIPT_TESTS
# Decides which shell tests there are: every tests/FOLDER/NAME.sh.
AC_DEFUN([SYNCDIR_SCRIPT_TESTS], [
  SCRIPT_TESTS=$(cd "$srcdir" && echo tests/*/*.sh)
  AS_IF([test "$SCRIPT_TESTS" = 'tests/*/*.sh'], [SCRIPT_TESTS=])
  AC_SUBST([SCRIPT_TESTS])
])
