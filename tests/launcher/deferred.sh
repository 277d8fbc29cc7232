#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# syncdir --deferred puts changes off, and says of those that are not why; --check says
# it before.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/launcher.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

teller=$top_builddir/tests/defer/teller
mount_kind ext4 "$work/ext4" && mount_kind btrfs "$work/btrfs" && cd "$work/ext4" || exit 99

# says PATTERN COMMAND...: on standard error, or in what --check prints.
says() {
  pattern=$1
  shift
  "$@" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  grep -q -- "$pattern" "$work/said" || { cat "$work/said"; return 1; }
}

check three_changes_are_one_batch says '^syncdir: 3 changes put off in 1 batches, up to 3 in one$' \
  syncdir -s --deferred "$teller"
check they_are_one_flush says '^syncdir: 1 flushes: 1 fsync' syncdir -s --deferred "$teller"
check its_end_is_told says '^syncdir: batches ended by: exit_group 1$' syncdir -s --deferred "$teller"
check what_is_not_put_off_has_a_reason says '^syncdir: not put off, 3 times: it has several threads' \
  syncdir -s --deferred "$teller" thread
check three_flushes_without_the_option says '^syncdir: 3 flushes: 3 fsync' syncdir -s "$teller"
check a_batch_is_no_call_of_the_program sh -c '! syncdir -s --deferred "$1" 2>&1 | grep "by call"' sh "$teller"
same nothing_else_is_said '0 ' "$(status syncdir --deferred "$teller")"

filtered() { perl -e '
  syscall(157, 38, 1, 0, 0, 0);
  my $allow = pack("SCCL", 6, 0, 0, 0x7fff0000);
  my $program = pack("Sx6P", 1, $allow);
  syscall(157, 22, 2, $program) == 0 or die $!;
  exec @ARGV' "$@"; }
check a_filter_is_told says '^syncdir: --deferred: each change is flushed when it is made: a seccomp filter' \
  filtered syncdir --deferred "$teller"
check a_filter_is_told_before says 'deferred: no, .*: a seccomp filter' \
  filtered syncdir --check --deferred "$work/ext4"

check ext4_is_told says 'deferred: yes' syncdir --check --deferred "$work/ext4"
check btrfs_is_told says 'deferred: no, .*: this filesystem has no single journal' \
  syncdir --check --deferred "$work/btrfs"
truncate -s 64M "$work/fast.img" && mkfs.ext4 -q -O fast_commit "$work/fast.img" &&
  mkdir "$work/fast" && mount -o loop "$work/fast.img" "$work/fast" || exit 99
at_exit "umount '$work/fast'"
check fast_commit_is_told says 'deferred: no, .*: ext4 has the feature fast_commit' \
  syncdir --check --deferred "$work/fast"
check nobody_is_told_who_does_not_ask sh -c '! syncdir --check "$1" | grep deferred' sh "$work/ext4"
check a_program_is_told_what_a_run_shows sh -c 'syncdir --check --deferred "$1" | grep "deferred: unless it has several threads"' sh "$teller"
mkdir "$work/fuse" "$work/below" && bindfs "$work/below" "$work/fuse" && at_exit "umount '$work/fuse' 2>/dev/null" || exit 99
check servers_are_told sh -c 'syncdir --check --deferred "$1" | grep "deferred: FUSE or network filesystems are mounted here"' sh "$teller"
cp "$teller" "$work/below/teller"
check a_program_on_a_server_is_told says 'deferred: no, .*: the program lies on a FUSE or network filesystem' \
  syncdir --check --deferred "$work/fuse/teller"
check as_it_then_is says 'not put off, .* it has mapped a file of a filesystem with a server' \
  syncdir -s --deferred "$work/fuse/teller"
umount "$work/fuse"
cp "$teller" "$work/setid" && chmod 4755 "$work/setid" && chown 1 "$work/setid" && chmod 4755 "$work/setid"
check a_set_id_program_is_told sh -c 'syncdir --check --deferred "$1" | grep "deferred: no, .*set-id"' sh "$work/setid"

finish
