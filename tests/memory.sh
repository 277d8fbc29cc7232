# SPDX-License-Identifier: GPL-2.0-or-later
# A folder in memory for what need not lie on a disk, so that a test does not wait for
# one that is busy.  Sourced after tap.sh.

# $memory goes when the test ends.  Where there is none, or hardly any room, it is $work.
if [ -z "${memory-}" ]; then
  memory=$work
  if [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] &&
    [ "$(df -k --output=avail /dev/shm | tail -n 1)" -gt 1000000 ]; then
    memory=$(mktemp -d /dev/shm/syncdir-test.XXXXXX) || exit 99
    at_exit "rm -rf '$memory'"
  fi
fi
