#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ways to let something out that do not look like it: a lock that ends with a mapping, or
# with another descriptor of its file; a hole in a file that is only mapped to be read; a
# question that a server gets.  Each ends the batch; its harmless kin do not.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

outlet=$top_builddir/tests/defer/outlet
mount_kind ext4 "$work/ext4" && cd "$work/ext4" || exit 99

# ends WAY CALL [FILE]: the call that has ended the last batch.
ends() {
  way=$1 call=$2
  shift 2
  rm -rf one new
  deferred "$outlet" "$way" "$@"
  same "$way:${*##*/}_ends_it_by_$call" "$call" "$(sed -n '$p' "$work/trace" | cut -f 2)"
}

ends unmap munmap
ends unmap-end munmap
ends shrink mremap
ends map-over mmap
ends hole madvise
ends close close
ends memory exit_group
ends memory-over exit_group
ends memory-less exit_group
ends memory-drop exit_group
ends append exit_group
ends in-place write
ends at-offset pwrite64
ends shorter ftruncate
ends terminal exit_group /dev/null
ends terminal exit_group "$work/ext4/file"

if command -v bindfs >/dev/null; then
  mkdir "$work/served" && bindfs "$work/ext4" "$work/served" || exit 99
  at_exit "umount '$work/served'"
  ends terminal ioctl "$work/served/file"
  cp "$outlet" "$work/ext4/outlet"
  same a_program_of_a_server_is_strict 'it has mapped a file of a filesystem with a server' \
    "$(rm -rf one; reasons "$work/served/outlet" terminal)"
else
  skip a_server_is_asked_nothing 'bindfs is not installed'
fi

finish
