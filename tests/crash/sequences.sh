#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A sample of the sequences of two calls over a few names, in one recording each:
# the power cut finds nothing lost with the library, and without it it does.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

for kind in ext4 xfs btrfs; do
  cut --fs "$kind" --cache reorder:2 --cuts random:150 --keep "$work/kept" \
    --run "LD_PRELOAD=$library $workload sequences --length 2 --sample 15"
  check "no_sequence_of_two_is_lost_on_$kind" ends_with 0
  grep -e 'states tested' -e 'sequences of' "$work/out" | sed 's/^/# /'
  cut --fs "$kind" --cache reorder:2 --cuts random:50 --keep none \
    --run "$workload sequences --length 2 --sample 15"
  check "without_the_library_sequences_are_lost_on_$kind" ends_with 1
done

finish
