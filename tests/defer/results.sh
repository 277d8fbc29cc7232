#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A program behaves as it does without the library: the same results, errnos, numbers
# of descriptors and output, and the same files in the end.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

# outcome FOLDER PRELOAD MODE SEED COUNT: what the program told, and what it left.
outcome() {
  rm -rf "$1/run" && mkdir "$1/run" || return
  (cd "$1/run" && LD_PRELOAD=$2 SYNCDIR_MODE=$3 timeout "$patience" "$acts" "$4" "$5" raw
    echo "exit $?"
    # Sizes of directories are the filesystem's business.
    find . -type d -printf '%p %y %m\n' -o -printf '%p %y %s %m %n %l\n' | sed 's/temporary.*//' | sort)
}

same_as_without() {
  outcome "$1" '' none "$3" "$4" >"$work/without" && outcome "$1" "$library" "$2" "$3" "$4" >"$work/with" &&
    diff "$work/without" "$work/with" | head -n 10 | grep . && return 1
  [ -s "$work/with" ]
}

for kind in ext4 xfs; do
  mount_kind "$kind" "$work/$kind" || exit 99
  for seed in 11 12 13; do
    check "deferred_on_${kind}_changes_no_result_of_seed_$seed" \
      same_as_without "$work/$kind" deferred "$seed" 3000
  done
done
check strict_changes_no_result same_as_without "$work/ext4" strict 11 1000

finish
