#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where a change must be flushed when it is made, it is, and the trace says why.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

teller=$top_builddir/tests/defer/teller
mount_kind ext4 "$work/ext4" && cd "$work/ext4" || exit 99

flushes() { grep -c . "$work/trace"; }

# strict STATE REASON
strict() {
  same "$1_is_strict" "$2" "$(reasons "$teller" "$1")"
  same "$1_flushes_each_change" 3 "$(flushes)"
}

# put_off STATE
put_off() {
  same "$1_is_put_off" '' "$(reasons "$teller" "$1")"
  same "$1_flushes_once" 1 "$(flushes)"
}

put_off ''
put_off private
put_off sigsys
put_off fork
put_off small-stack
put_off alternate-stack
strict small-thread 'it has several threads'
strict thread 'it has several threads'
put_off child
strict memory 'another process shares its memory, its descriptors or its umask'
strict table 'another process shares its memory, its descriptors or its umask'
strict umask 'another process shares its memory, its descriptors or its umask'
strict shared 'it has shared writable memory'
same ring_is_strict 'it has shared writable memory' "$(reasons "$top_builddir/tests/defer/ring")"
same ring_flushes_each_change 3 "$(flushes)"
strict blocked 'SIGSYS is blocked'
strict handler 'SIGSYS is blocked'
same dispatch_is_strict 'SIGSYS may be for a dispatch of its own' "$(reasons "$teller" dispatch)"
same dispatch_flushes_each_change 5 "$(flushes)"
check a_dispatch_of_the_program_stays_its_own deferred "$teller" dispatch
strict filter 'a seccomp filter'
strict no-prctl 'a seccomp filter'
strict descriptors 'no descriptor'
strict vfork 'a child of vfork'

same not_without_SYNCDIR_MODE 3 "$(SYNCDIR_TRACE=$work/trace.strict LD_PRELOAD=$library "$teller"; grep -c . "$work/trace.strict")"
same not_in_a_mode_that_nobody_knows 3 "$(SYNCDIR_MODE=deferrd SYNCDIR_TRACE=$work/trace.typo LD_PRELOAD=$library "$teller"; grep -c . "$work/trace.typo")"

mkfs_fast_commit() {
  truncate -s 64M "$work/fast.img" && mkfs.ext4 -q -O fast_commit "$work/fast.img" &&
    mkdir "$work/fast" && mount -o loop "$work/fast.img" "$work/fast"
}
mkfs_fast_commit && cd "$work/fast" || exit 99
strict on-fast_commit 'fast_commit, or /proc does not say'
for kind in btrfs ext2 overlay; do
  mount_kind "$kind" "$work/$kind" && cd "$work/$kind" || exit 99
  deferred "$teller"
  check "${kind}_flushes_each_change" sh -c "[ $(flushes) -ge 3 ]"
done
mount_kind xfs "$work/xfs" && cd "$work/xfs" || exit 99
put_off on-xfs

# What is mapped cannot be known: it counts as shared.
mount -t tmpfs tmpfs /proc || exit 99
strict without-proc 'it has shared writable memory'
umount /proc

finish
