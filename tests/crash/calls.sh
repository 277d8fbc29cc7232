#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every wrapped call, each from a tree of its own, and the power cut at every
# write: nothing that had returned is lost with the library.  Without it, each
# call is, which shows that the cuts can see it.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"
. "${srcdir:-.}/tests/crash/kinds.inc"

# Each tree of a recording is looked at after each cut: a recording of all calls
# takes longer than some recordings of some of them.
"$workload" --list calls | xargs -n 24 >"$work/groups"
check there_are_calls test -s "$work/groups"

# These change nothing: two names of one inode.
cases() { "$workload" --list calls | grep -v -e _of_one_inode | sort; }

# The trees of calls that change nothing cannot be judged: status 3.
nothing_is_lost() { { test "$status" -eq 3 && only_idle_is_left "$work/out"; } || ends_with 0; }

# Of a report, those with a lost or wrong state.
convicted() { awk -F '\t' '$5 + $6 { sub(/:.*/, "", $2); print $2 }' "$1" | sort -u; }

for kind in ext4 xfs btrfs; do
  group=0
  while read -r calls; do
    group=$((group + 1))
    cut --fs "$kind" --cache reorder:2 --keep "$work/kept" \
      --run "LD_PRELOAD=$library $workload calls $calls"
    check "no_call_is_lost_on_$kind:$group" nothing_is_lost
    sed -n 's/^.*states tested/# &/p' "$work/out"
    cut --fs "$kind" --cache reorder:2 --keep none --report "$work/$kind" \
      --run "$workload calls $calls"
    check "without_the_library_calls_are_lost_on_$kind:$group" ends_with 1
  done <"$work/groups"
  cases >"$work/cases"
  convicted "$work/$kind" >"$work/convicted"
  check "without_the_library_each_call_is_lost_on_$kind" diff "$work/cases" "$work/convicted"
done

finish
