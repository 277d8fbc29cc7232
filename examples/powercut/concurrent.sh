#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Four processes make and rename names in one directory at the same time.  Each process
# has names of its own, and marks its calls.
#
#   powercut --concurrent --run ./concurrent.sh           something is lost
#   powercut --concurrent --run './concurrent.sh -d'      nothing is lost: each call is
#                                                         followed by a flush
set -eu

flush() { :; }
[ "${1-}" != -d ] || flush() { sync t; }

# mark LINE: with a single write, because each write is one mark.
mark() { echo "$1" >"$POWERCUT_MARKS"; }

# work OWNER: all names of this process begin with the number OWNER.
work() {
  for i in 1 2 3 4; do
    mark "begins t:$1.* mkdir $1.$i"
    mkdir "t/$1.$i"
    flush
    mark "returned t:$1.*"
    mark "begins t:$1.* rename $1.$i"
    mv "t/$1.$i" "t/$1.new-$i"
    flush
    mark "returned t:$1.*"
  done
}

mkdir t
sync -f .
processes=
for owner in 1 2 3 4; do
  work $owner &
  processes="$processes $!"
done
# Wait for each of them, so that a process that fails is not taken for one that lost
# nothing.
for process in $processes; do
  wait "$process"
done
