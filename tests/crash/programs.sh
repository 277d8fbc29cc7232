#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Mail is delivered and the power cut: with the library no message that was taken
# is lost, without it some are.  programs/run-all has more programs.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"
. "${srcdir:-.}/tests/crash/programs/judge.inc"

command -v safecat >/dev/null || skip_all 'safecat is not installed'

for program in safecat qmail-queue; do
  for kind in ext4 btrfs; do
    judge_program $program $kind
    convict_program $program $kind
  done
done

finish
