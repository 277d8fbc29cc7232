#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GlusterFS, three replicated bricks: strace on the server of one while four programs work.
# For every call that the manual calls durable, a flush of the inode that it gave a name
# begins there after the call, and has ended before the program is told.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/layers/glusterfs.inc"

make_bricks 1 2 3
begin_glusterd
make_volume replica 3
mkdir volume/in volume/out || exit 99

# Every thread of it: strace takes one after the other.
is_traced() { ! cat "/proc/$(server_of 1)"/task/*/status | grep -q '^TracerPid:[^0-9]*0$'; }

# traced LIBRARY: a line for each kind of call: how many there were, and how many of them
# the brick had flushed in time.
traced() {
  strace -f -ttt -T -qq -e signal=none -e 'trace=fsync,fdatasync,/^(link|rename)' -y -o trace -p "$(server_of 1)" 2>strace.log &
  tracer=$!
  until_true is_traced || return
  rm -f told
  LD_PRELOAD=$1 ./changes volume 4 10 "$work/told" || return
  kill "$tracer"
  wait "$tracer" 2>/dev/null
  (cd 1/brick && find . -type f -printf '%i %p\n') | sed 's; \./; ;' >inodes
  rm -r volume/in volume/out && mkdir volume/in volume/out || return
  perl "$top_srcdir/tests/layers/judge.pl" inodes trace told
}
traced "$library" >found
cat found | sed 's/^/# /'
grep -E '^(creat|link|linkat|rename) ' found >files
check each_name_of_a_file_is_flushed_on_the_brick_before_it_is_told awk '
  $2 != $3 || $2 < 10 { print; bad = 1 } END { exit bad || NR < 3 }' files
grep -v -E '^(creat|link|linkat|rename) ' found >others
check nothing_else_is awk '$3 != 0 { print; bad = 1 } END { exit bad || NR != 4 }' others
traced '' >found
check without_the_library_nothing_is awk '$3 != 0 { print; bad = 1 } END { exit bad || NR < 7 }' found

finish
