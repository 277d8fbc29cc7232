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

# set_time FIELD SECONDS: sets a time of the file to so many seconds ago.
set_time() {
  umount "$work/ext4" &&
    debugfs -w -R "set_inode_field file $1 @$(($(date +%s) - $2))" "$work/ext4.img" 2>/dev/null &&
    mount -o loop "$work/ext4.img" "$work/ext4"
}

# born SECONDS [CHANGED]: the file's birth, and its last change: else just now.
born() {
  set_time crtime "$1" && set_time ctime "${2:-0}"
}

# of_age SECONDS CHANGED COMMAND: what it prints, when the file is so old, or at most
# ten seconds older; if that has taken longer, all of it is done again.
of_age() {
  while :; do
    begun=$(date +%s)
    born "$1" "$2" || exit 99
    found=$($3)
    [ $(($(date +%s) - begun)) -gt 10 ] || break
  done
  echo "$found"
}

opened() { flushes sh -c ': >> ext4/file'; }
truncated() { flushes sh -c ': > ext4/file'; }

flushed="fsync $work/ext4"
born 0 || exit 99
same a_file_born_now_may_have_been_made "$flushed" "$(opened)"
same a_file_born_45_seconds_ago_may_have_been_made "$flushed" "$(of_age 45 0 opened)"
born 90 || exit 99
same a_file_born_90_seconds_ago_was_there '' "$(opened)"
born 86400 || exit 99
same a_file_born_yesterday_was_there '' "$(opened)"
born -3600 || exit 99
same a_file_born_in_an_hour_may_have_been_made "$flushed" "$(opened)"
born 86400 86400 || exit 99
same a_file_not_touched_since_yesterday_was_there '' "$(opened)"
same a_file_not_touched_for_45_seconds_may_have_been_made "$flushed" "$(of_age 45 45 opened)"
same a_file_born_45_seconds_ago_and_truncated_was_there '' "$(of_age 45 45 truncated)"
born -3600 || exit 99
same a_file_born_in_an_hour_and_truncated_may_have_been_made "$flushed" "$(truncated)"
born 90 90 || exit 99
same a_file_born_90_seconds_ago_and_truncated_was_there '' "$(truncated)"

born 86400 || exit 99
same a_file_born_yesterday_on_a_mount_that_is_known_was_there "$flushed" \
  "$(flushes perl -e 'use Fcntl; mkdir("ext4/new") or die; sysopen F, "ext4/file", O_WRONLY | O_CREAT or die')"

# Another program removes the file between our look and the call, which makes a new one;
# ext4 gives it the same inode at once.
cat > remove.c <<'END'
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
int creat(const char *path, mode_t mode)
{
  syscall(SYS_unlinkat, -100, path, 0);
  return syscall(SYS_openat, -100, path, O_CREAT | O_TRUNC | O_WRONLY, mode);
}
END
echo 'int creat(const char *, int); int main(void) { return creat("ext4/file", 0600) == -1; }' > creat.c
$CC -shared -fPIC -o remove.so remove.c && $CC -o creat creat.c || exit 99
born 45 45 || exit 99
same a_file_in_the_place_of_one_that_was_seen_is_made "$flushed" \
  "$(preload=$library:$work/remove.so flushes ./creat)"

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

# added COMMAND: the system calls around its open of the file, from our first look to the
# dup2 with which the shell takes the descriptor.
added() {
  strace -f -qq -o "$work/calls" -E "LD_PRELOAD=$library" sh -c "$1"
  sed -n '/statx(AT_FDCWD, "ext4\|clock_gettime/,/dup2/p' "$work/calls" |
    sed 's/^[0-9]* *//; s/(.*//; /open\|fcntl\|close\|dup/d' | paste -sd' '
}
born 86400 86400 || exit 99
old='clock_gettime statx fstatfs clock_gettime'
same an_old_file_costs_four_system_calls "$old" "$(added ': >> ext4/file')"
born 86400 || exit 99
same one_that_was_changed_since_costs_no_more "$old" "$(added ': >> ext4/file')"
same one_that_is_truncated_costs_a_look_before_the_call 'statx clock_gettime statx fstatfs clock_gettime' \
  "$(added ': > ext4/file')"

finish
