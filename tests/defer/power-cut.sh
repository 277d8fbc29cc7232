#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Calls by chance, put off in batches: after a power cut all are there up to some moment,
# none is missing once the program has told that they have returned, and what was fsynced
# in between has its bytes.  Alone, and beside a program that makes the journal commit all
# the time; by one process and by four.  Without the library some are lost.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/defer/defer.inc"
. "${srcdir:-.}/tests/crash/crash.inc"

TMPDIR=$work
export TMPDIR

# batches KIND OPTIONS PRELOAD WORD...: a workload, beside another program if its first
# word is "beside".
batches() {
  kind=$1 options=$2
  preload="LD_PRELOAD='$3' SYNCDIR_MODE=deferred SYNCDIR_TRACE='$work/trace'"
  shift 3
  rm -f "$work/trace"
  beside=:
  [ "$1" != beside ] || { beside="'$workload' beside"; shift; }
  cut --fs "$kind" --mount "$options" --keep none --cuts random:60 --run "$beside & beside=\$!
    $preload '$workload' $* --batch; status=\$?
    kill \$beside 2>/dev/null; wait \$beside; exit \$status"
  sed -n 's/^[^ ]*: \([0-9]* states tested.*\)/# \1/p' "$work/out"
}

# were_put_off: one flush was of many changes.
were_put_off() { grep -q -E '[[:blank:]]([5-9]|[1-9][0-9]) changes$' "$work/trace" || { cat "$work/trace"; return 1; }; }

# lost: the cuts have found something that was promised and is gone.
lost() { test "$status" -eq 1 && grep -q ': lost, ' "$work/out" || { cat "$work/out"; return 1; }; }

for on in ext4: ext4:data=writeback ext4:data=journal xfs:; do
  kind=${on%%:*} options=${on#*:}
  batches "$kind" "$options" "$library" random --calls 60 --seed 1
  check "no_batch_is_broken_on_$on" ends_with 0
  check "there_were_batches_on_$on" were_put_off
  batches "$kind" "$options" "$library" beside random --calls 30 --processes 4 --seed 2
  check "nor_beside_one_that_fsyncs_by_four_processes_on_$on" ends_with 0
  batches "$kind" "$options" "$library" sequences --length 2 --sample 20
  check "no_pair_of_calls_is_broken_on_$on" ends_with 0
  batches "$kind" "$options" '' random --calls 60 --seed 1
  check "without_the_library_they_are_lost_on_$on" lost
done

finish
