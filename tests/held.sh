# SPDX-License-Identifier: GPL-2.0-or-later
# A program that is held before a system call.  Sourced after tap.sh.

# held CALL COMMAND PROGRAM...: runs the program, and COMMAND before each CALL of it,
# which waits for that: common/held.c.
held() {
  [ -x "$work/held-$1" ] ||
    $CC -D_GNU_SOURCE -DCALL="SYS_$1" -o "$work/held-$1" "$top_srcdir/tests/common/held.c" || exit 99
  holder=$work/held-$1
  shift
  "$holder" "$@"
}
