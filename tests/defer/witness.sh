#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A second process sees how far the program has come: by a lock that it gets, or because
# it was started.  The change is flushed by then.  Nobody sees it of one that is killed,
# and what it leaves is as if it had been killed earlier.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

witness=$top_builddir/tests/defer/witness

# sees WAY: the exit status of the witness.
sees() {
  rm -rf one
  deferred "$witness" "$1" "$work/trace"
}

# left KIND: the numbers that a power cut would leave now, and what is missing.  An xfs
# wants to be told that another one of its name may be mounted.
left() {
  options=loop
  [ "$1" != xfs ] || options=loop,nouuid
  cut_image "$work/$1.img" "$work/cut.img" && mkdir -p "$work/cut" &&
    mount -o $options "$work/cut.img" "$work/cut" || { echo 'what is left cannot be mounted'; return; }
  found=$(ls "$work/cut" | grep -c '^[0-9]*$')
  for number in $(seq "$found"); do
    [ -d "$work/cut/$number" ] || echo "$number is missing of $found"
  done
  [ "$found" -ge 10 ] || echo "only $found, and 10 were made before another program's fsync"
  umount "$work/cut"
}

for kind in ext4 xfs; do
  mount_kind "$kind" "$work/$kind" && cd "$work/$kind" || exit 99
  for way in flock flock-by-close flock-by-end fcntl fcntl-by-close fcntl-by-another-descriptor \
    fcntl-by-end spawn vfork-and-exec exec; do
    check "the_change_is_flushed_for_$way-on-$kind" sees "$way"
  done
  : >other
  deferred "$witness" killed "$work/trace"
  same "it_was_killed_on_$kind" 0 $?
  same "nothing_was_flushed_for_it_on_$kind" '' "$(cat "$work/trace")"
  same "a_prefix_is_left_on_$kind" '' "$(left "$kind")"
done

finish
