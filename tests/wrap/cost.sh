#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a durable call costs in system calls: those that are needed, and no other.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

cat > "$work/unlink.c" <<'END'
#include <unistd.h>
int main(int count, char **arguments)
{
  return write(1, "", 0) + unlink(arguments[count - 1]) + write(1, "", 0);
}
END
$CC -o "$work/unlink" "$work/unlink.c" || exit 99

# cost_of_unlink FOLDER: the system calls between the two marks, in order.
cost_of_unlink() {
  : > "$1/file"
  strace -qq -o "$work/calls" -E "LD_PRELOAD=$library" "$work/unlink" "$1/file" || return
  sed -n '/^write/,/^write/p' "$work/calls" | sed 's/(.*//; /^write/d' | paste -sd' '
}

for kind in ext4 xfs btrfs tmpfs; do
  mount_kind "$kind" "$work/$kind" >/dev/null || exit 99
done

# The floor is: unlink openat fsync close.
same ext4_asks_for_the_filesystem_and_its_journal \
  'unlink openat fstatfs statx readlinkat faccessat fsync close' "$(cost_of_unlink "$work/ext4")"
same xfs_asks_for_the_filesystem_and_whether_it_is_alive \
  'unlink openat fstatfs fsync statx close' "$(cost_of_unlink "$work/xfs")"
same btrfs_asks_for_the_filesystem \
  'unlink openat fstatfs fsync close' "$(cost_of_unlink "$work/btrfs")"
same tmpfs_is_recognized_and_left_alone \
  'unlink openat fstatfs close' "$(cost_of_unlink "$work/tmpfs")"

cat > "$work/mkstemp.c" <<'END'
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **arguments)
{
  return write(1, "", 0) + !mkstemp(arguments[count - 1]) + write(1, "", 0);
}
END
$CC -o "$work/mkstemp" "$work/mkstemp.c" || exit 99
strace -qq -o "$work/calls" -E "LD_PRELOAD=$library" "$work/mkstemp" "$work/btrfs/XXXXXX"
same a_file_that_was_made_for_certain_is_not_looked_at \
  'openat openat fstatfs fsync close' \
  "$(sed -n '/^write/,/^write/p' "$work/calls" | sed 's/(.*//; /^write/d; /^getrandom/d' | paste -sd' ')"

finish
