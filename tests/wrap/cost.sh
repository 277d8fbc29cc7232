#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What durable calls cost in system calls: those that are needed, and no other.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

cat > "$work/change.c" <<'END'
#include <stdio.h>
#include <unistd.h>
int main(void)
{
  int result = write(1, "", 0) + link("file", "new") + write(1, "", 0);
  result += write(2, "", 0) + rename("new", "newer") + write(2, "", 0);
  return result + write(3, "", 0) + unlink("newer") - write(3, "", 0);
}
END
$CC -o "$work/change" "$work/change.c" || exit 99

# change FOLDER: links, renames and unlinks in it.
change() {
  (cd "$1" && : > file && exec 3>&1 &&
    strace -qq -o "$work/calls" -E "LD_PRELOAD=$library" "$work/change")
}

# cost N: the system calls between the two marks N of the last change, in order.
cost() {
  sed -n "/^write($1/,/^write($1/p" "$work/calls" | sed 's/(.*//; /^write/d' | paste -sd' '
}

for kind in ext4 xfs btrfs tmpfs; do
  mount_kind "$kind" "$work/$kind" >/dev/null || exit 99
done

# The floor is: the call, openat, fsync, close.
change "$work/ext4"
same link_on_ext4_asks_for_the_filesystem_and_its_journal \
  'link openat fstatfs statx readlinkat faccessat fsync close' "$(cost 1)"
same rename_on_ext4_asks_for_the_filesystem 'rename openat fstatfs fsync close' "$(cost 2)"
same unlink_on_ext4_asks_for_the_filesystem 'unlink openat fstatfs fsync close' "$(cost 3)"
change "$work/xfs"
same link_on_xfs_asks_for_the_filesystem_and_whether_it_is_alive \
  'link openat fstatfs fsync statx close' "$(cost 1)"
change "$work/btrfs"
same link_on_btrfs_asks_for_the_filesystem 'link openat fstatfs fsync close' "$(cost 1)"
change "$work/tmpfs"
same tmpfs_is_recognized_and_left_alone 'link openat fstatfs close' "$(cost 1)"

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

cat > "$work/calls.c" <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
  int result = write(1, "", 0) + rename("file", "d/file") + write(1, "", 0);
  return result + write(2, "", 0) + !open("g", O_CREAT | O_NOFOLLOW | O_WRONLY, 0600) + write(2, "", 0);
}
END
$CC -o "$work/change" "$work/calls.c" || exit 99
mkdir "$work/ext4/d" "$work/btrfs/d"
change "$work/ext4"
same rename_across_directories_on_ext4_opens_one_of_them \
  'rename openat fstatfs statx readlinkat faccessat fsync close' "$(cost 1)"
change "$work/btrfs"
same what_open_does_not_follow_is_not_looked_for \
  'openat statx clock_gettime openat fstatfs fsync close' "$(cost 2)"

finish
