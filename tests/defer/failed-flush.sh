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
syncdir: $work/$kind: 1 deferred change cannot be made durable: $1. The program is aborted, so that nobody takes them for done; run it again once that is mended"
}
eio="Input/output error; the kernel's log says more"

for kind in ext4 xfs; do
  mount_kind "$kind" "$work/$kind" || exit 99
  same "EIO_aborts_the_program_on_$kind" "$(said "$eio")" "$(dies fsync EIO "$work/$kind")"
  same "ENOSPC_aborts_the_program_on_$kind" "$(said 'No space left on device; make room')" "$(dies fsync ENOSPC "$work/$kind")"
  same "one_that_handles_SIGABRT_is_aborted_all_the_same_on_$kind" "$(said "$eio")" \
    "$(dies fsync EIO "$work/$kind" env --ignore-signal=ABRT)"
  same "fsync_that_a_filter_refuses_is_replaced_on_$kind" "exit 0
made" "$(dies fsync ENOSYS "$work/$kind")"
  same "EDQUOT_names_the_quota_on_$kind" "$(said 'Disk quota exceeded; make room')" \
    "$(dies fsync EDQUOT "$work/$kind")"
  same "EROFS_names_the_filesystem_on_$kind" "$(said "Read-only file system; the kernel's log says why")" \
    "$(dies fsync EROFS "$work/$kind")"
  same "any_other_errno_is_a_number_on_$kind" "$(said 'error 116 of errno(3)')" \
    "$(dies fsync ESTALE "$work/$kind")"
done

finish
