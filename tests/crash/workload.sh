#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The workloads are worth recording: with the library each call of them is
# flushed before it returns, without it none is, and none of them fails.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
command -v strace >/dev/null || skip_all 'strace is not installed'

workload=$top_builddir/tests/crash/workload/workload

# trace LIBRARY COMMAND...: its marks and flushes, in order.
trace() {
  preload=$1
  shift
  : >"$work/marks"
  POWERCUT_MARKS=$work/marks strace -f -qq -s 400 -e signal=none -o "$work/trace" \
    -e trace=write,fsync,fdatasync,syncfs,sync -E "LD_PRELOAD=$preload" "$workload" "$@"
}

# calls: "with" or "without", for a flush within it, and the text of the mark.
calls() {
  awk '
    { sub(/^[0-9]+ +/, "") }
    match($0, /"begins [^ ]+ /) { text = substr($0, RSTART + RLENGTH); how = "without" }
    /^(fsync|fdatasync|syncfs|sync)\(.*= 0$/ { how = "with" }
    /^write\([0-9]+, "returned / { print how, text }' "$work/trace"
}

# Each case with or without a flush; with both, it is there twice.  Some have no
# symlinks of 1.5 KiB.
cases() {
  calls | sed 's/:.*//' | uniq | grep -v 'symlink_very_long$'
}

every_case() {
  "$workload" --list calls | sed "/^symlink_very_long$/d; s/^/$1 /"
}

# in_a_new KIND COMMAND...: on a filesystem of its own.
in_a_new() {
  mount_kind "$1" "$work/mnt" || return 1
  shift
  (cd "$work/mnt" && "$@")
  status=$?
  umount "$work/mnt" && rm -rf "$work/mnt" "$work/mnt.img"
  return $status
}

for kind in ext4 ext4-nojournal xfs btrfs; do
  check "every_case_succeeds_on_$kind" in_a_new $kind trace "$library" calls
  same "every_case_is_flushed_on_$kind" "$(every_case with)" "$(cases)"
  check "every_case_succeeds_without_the_library_on_$kind" in_a_new $kind trace '' calls
  same "no_case_is_flushed_without_the_library_on_$kind" "$(every_case without)" "$(cases)"
done

# Even where nothing is flushed: the model knows what succeeds.
check every_sequence_of_two_calls_succeeds in_a_new tmpfs "$workload" sequences --length 2
check a_sample_of_sequences_of_three_succeeds in_a_new tmpfs "$workload" sequences --length 3 --sample 2000
check long_random_sequences_succeed in_a_new tmpfs "$workload" random --calls 2000 --processes 4

same a_sample_has_as_many_as_were_asked_for 100 \
  "$("$workload" --list sequences --length 2 --sample 100 --seed 5 | sort -u | wc -l)"
same parts_of_all_sequences_are_all_sequences "$("$workload" --list sequences --length 2)" \
  "$("$workload" --list sequences --length 2 --count 1000
     "$workload" --list sequences --length 2 --from 1000)"
same as_many_are_listed_as_there_are "$("$workload" --total sequences --length 2)" \
  "$("$workload" --list sequences --length 2 | wc -l)"

# marks_of COMMAND...: but for the process in paths to its descriptors.
marks_of() {
  : >"$work/marks"
  POWERCUT_MARKS=$work/marks in_a_new tmpfs "$workload" "$@"
  sed 's/[.][[:alnum:]]\{6\}$//' "$work/marks"
}
same a_seed_repeats_the_same_calls "$(marks_of random --calls 50 --seed 3)" \
  "$(marks_of random --calls 50 --seed 3)"
check another_seed_makes_other_calls test "$(marks_of random --calls 50 --seed 3)" != \
  "$(marks_of random --calls 50 --seed 4)"

finish
