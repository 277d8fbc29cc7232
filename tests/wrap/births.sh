#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# O_CREAT of a file that is there: how old it must be to have been there.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

mount_kind ext4 "$work/ext4" || exit 99
cd "$work/ext4" || exit 99
: > file
cd "$work" || exit 99

# born SECONDS: sets the birth of the file to so many seconds ago.
born() {
  umount "$work/ext4" &&
    debugfs -w -R "set_inode_field file crtime @$(($(date +%s) - $1))" "$work/ext4.img" 2>/dev/null &&
    mount -o loop "$work/ext4.img" "$work/ext4"
}

opened() { flushes sh -c ': >> ext4/file'; }

flushed="fsync $work/ext4"
born 0 || exit 99
same a_file_born_now_may_have_been_made "$flushed" "$(opened)"
born 45 || exit 99
same a_file_born_45_seconds_ago_may_have_been_made "$flushed" "$(opened)"
born 90 || exit 99
same a_file_born_90_seconds_ago_was_there '' "$(opened)"
born 86400 || exit 99
same a_file_born_yesterday_was_there '' "$(opened)"
born -3600 || exit 99
same a_file_born_in_an_hour_may_have_been_made "$flushed" "$(opened)"

# An overlay may take its births from a server's clock: they are not believed.
born 86400 || exit 99
mkdir "$work/ext4/upper" "$work/ext4/work" "$work/overlay" && mount -t overlay overlay \
  -o "lowerdir=$work/ext4,upperdir=$work/ext4/upper,workdir=$work/ext4/work" "$work/overlay" || exit 99
check an_old_file_on_an_overlay_may_have_been_made \
  test -n "$(flushes perl -e 'use Fcntl; sysopen F, "overlay/file", O_RDONLY | O_CREAT')"
umount "$work/overlay" || exit 99

# Small inodes hold no birth.
truncate -s 8M "$work/small.img" && mkfs.ext2 -q -I 128 "$work/small.img" >/dev/null 2>&1 &&
  mkdir "$work/small" && mount -o loop "$work/small.img" "$work/small" || exit 99
: > "$work/small/file"
check a_file_without_a_birth_may_have_been_made \
  test -n "$(flushes sh -c ": >> $work/small/file")"

# At most three system calls more than without us: statx, clock_gettime, fstatfs.
born 86400 || exit 99
calls() {
  strace -f -qq -o "$work/calls" -E "LD_PRELOAD=$1" sh -c ': >> ext4/file' 2>/dev/null
  sed -n '/"ext4\/file"/,/close/p' "$work/calls" | grep -c .
}
ours=$(calls "$library")
check an_old_file_costs_three_system_calls_at_most test "$ours" -le $(($(calls '') + 3))

finish
