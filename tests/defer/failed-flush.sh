#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The flush of a batch fails: calls have returned 0 that are not durable, and so the
# program is aborted before it tells anybody.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

command -v strace >/dev/null || skip_all 'strace is not installed'

# dies CALL ERRNO FOLDER [PROGRAM...]: a program that makes FOLDER/new and says so,
# where CALL fails; what it has told, and how it ended.
dies() {
  call=$1 errno=$2 folder=$3
  shift 3
  rm -rf "$folder/new"
  (cd "$folder" && exec strace -qq -f -o "$work/strace" -e "trace=$call" -e "inject=$call:error=$errno" \
    -E "LD_PRELOAD=$library" -E SYNCDIR_MODE=deferred "$@" \
    perl -e 'mkdir "new" or die; syswrite STDOUT, "made\n"') >"$work/output" 2>"$work/error"
  echo "exit $?"
  cat "$work/output"
  grep syncdir "$work/error"
}

said() {
  echo "exit 134
syncdir: changes that were put off cannot be made durable (errno $1); the program is aborted, so that nobody takes them for done"
}

for kind in ext4 xfs; do
  mount_kind "$kind" "$work/$kind" || exit 99
  same "EIO_aborts_the_program_on_$kind" "$(said 5)" "$(dies fsync EIO "$work/$kind")"
  same "ENOSPC_aborts_the_program_on_$kind" "$(said 28)" "$(dies fsync ENOSPC "$work/$kind")"
  same "one_that_handles_SIGABRT_is_aborted_all_the_same_on_$kind" "$(said 5)" \
    "$(dies fsync EIO "$work/$kind" env --ignore-signal=ABRT)"
  same "fsync_that_a_filter_refuses_is_replaced_on_$kind" "exit 0
made" "$(dies fsync ENOSYS "$work/$kind")"
done

finish
