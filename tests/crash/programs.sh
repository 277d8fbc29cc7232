#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Mail is delivered and the power cut: with the library no message that was taken
# is lost, without it some are; and files are replaced.  programs/run-all has more programs.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"
. "${srcdir:-.}/tests/crash/programs/judge.inc"

for needed in safecat rsync; do
  command -v $needed >/dev/null || skip_all "$needed is not installed"
done

for program in safecat qmail-queue; do
  for kind in ext4 btrfs; do
    judge_program $program $kind
    convict_program $program $kind
  done
done

# Files that are replaced without an fsync: old or new, and whole.
for kind in ext4 btrfs; do
  judge_program replace $kind
  convict_without_bytes replace $kind
done

finish
