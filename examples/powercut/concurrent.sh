#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Four processes make, rename and remove names in one directory at the same time, each
# its own names, and each marks its calls: powercut --concurrent --run ./concurrent.sh.
# With -d each call is followed by a flush of the directory.
set -eu

flush() { :; }
[ "${1-}" != -d ] || flush() { sync t; }

# mark LINE: in one write, as it must be.
mark() { echo "$1" >"$POWERCUT_MARKS"; }

# work OWNER: all its names begin with its number.
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
sync
processes=
for owner in 1 2 3 4; do
  work $owner &
  processes="$processes $!"
done
# Of each of them: one that fails must not be taken for one that lost nothing.
for process in $processes; do
  wait "$process"
done
