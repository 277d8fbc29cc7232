#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A filesystem that dies between the change and its flush: no success is reported.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"
. "${srcdir:-.}/tests/held.sh"

# dies_before CALL FOLDER HOW: makes FOLDER/new, and before each CALL once the directory
# is there kills the filesystem by the command HOW.  Prints the exit status of the
# program and its error.
dies_before() {
  held "$1" "[ ! -d $2/new ] || { $3; }" strace -qq -f -y -o "$work/strace" -E "LD_PRELOAD=$library" \
    -e trace=mkdir,mkdirat,fsync,syncfs,sync mkdir "$2/new" 2> "$work/error"
  echo "exit $?"
  sed 's/.*: //' "$work/error"
}

mount_kind ext4 "$work/ext4" errors=remount-ro || exit 99
same ext4_that_aborts_its_journal_before_the_fsync_is_a_failure \
  "exit 1
Read-only file system" "$(dies_before fsync "$work/ext4" "echo 'for a test' >/sys/fs/ext4/${device#/dev/}/trigger_fs_error")"
check no_sync_turns_it_into_success sh -c "! grep -E 'sync(fs)?\(.*= 0$' '$work/strace'"

mount_kind xfs "$work/xfs" || exit 99
same xfs_that_shuts_down_before_the_fsync_is_a_failure \
  "exit 1
Input/output error" \
  "$(dies_before fsync "$work/xfs" "xfs_io -x -c shutdown $work/xfs")"

mount_kind xfs "$work/xfs2" || exit 99
same xfs_that_shuts_down_before_the_directory_is_opened_is_a_failure \
  "exit 1
Input/output error" \
  "$(dies_before openat "$work/xfs2" "xfs_io -x -c shutdown $work/xfs2")"
check no_flush_is_tried_on_a_dead_xfs sh -c "! grep -E 'sync(fs)?\(.*= 0$' '$work/strace'"

finish
