#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing is told while a change is pending: strace sees every system call of programs
# that do things by chance, and judge.pl knows which of them somebody can see.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

command -v strace >/dev/null || skip_all 'strace is not installed'

# judged FOLDER MODE PROGRAM SEED COUNT: what the judge says, the last line of it first.
judged() {
  rm -rf "$1/judged" && mkdir "$1/judged" || return
  (cd "$1/judged" && timeout "$patience" strace -f -y -qq -o "$work/strace" \
    -E "LD_PRELOAD=${preload-$library}" -E "SYNCDIR_MODE=$2" "$3" "$4" "$5" >/dev/null) || return
  perl "$top_srcdir/tests/defer/judge.pl" "$1/judged" <"$work/strace"
}

silent() { judged "$@" >"$work/judgement" || { head -n 20 "$work/judgement"; return 1; }; }
convicted() { ! judged "$@" >"$work/judgement" && grep -q ' [1-9][0-9]* let out too early' "$work/judgement"; }

for kind in ext4 xfs; do
  mount_kind "$kind" "$work/$kind" || exit 99
  for seed in 1 2; do
    check "nothing_is_told_too_early_on_${kind}_by_seed_$seed" \
      silent "$work/$kind" deferred "$acts" "$seed" 2500
  done
done
check nothing_is_told_too_early_by_a_static_program \
  silent "$work/ext4" deferred "$acts_archived" 4 2500
check strict_tells_nothing_too_early_either silent "$work/ext4" strict "$acts" 4 1000
preload=
check the_judge_convicts_a_program_without_the_library \
  convicted "$work/ext4" deferred "$acts" 1 1000

finish
