#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every wrapped call, each from a tree of its own, and the power cut at every
# write: nothing that had returned is lost with the library.  Without it, each
# call is, which shows that the cuts can see it.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

ends_with() { test "$status" -eq "$1" || { cat "$work/out"; return 1; }; }

# These change nothing, two names being one inode, or are refused here and there.
cases() { "$workload" --list calls | grep -v -e _of_one_inode -e symlink_very_long | sort; }

# Of a report, those with a lost or wrong state.
convicted() { awk -F '\t' '$5 + $6 { sub(/:.*/, "", $2); print $2 }' "$1" |
  grep -v symlink_very_long | sort -u; }

for kind in ext4 xfs btrfs; do
  cut --fs "$kind" --cache reorder:2 --keep "$work/kept" --run "LD_PRELOAD=$library $workload calls"
  check "no_call_is_lost_on_$kind" ends_with 0
  echo "# $(grep 'states tested' "$work/out")"
  cut --fs "$kind" --cache reorder:2 --keep none --report "$work/$kind" --run "$workload calls"
  check "without_the_library_calls_are_lost_on_$kind" ends_with 1
  convicted "$work/$kind" >"$work/convicted"
  same "without_the_library_each_call_is_lost_on_$kind" '' \
    "$(cases | comm -3 - "$work/convicted")"
done

finish
