#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What calls cost in system calls: each that is added to the floor has a name, and
# a call that makes no name has none.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"
. "${srcdir:-.}/tests/bench/built.inc"

# Whether a mount has a number that is never used again.
cat > "$work/unique.c" <<'END'
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
  struct statx st;
  return syscall(SYS_statx, -100, ".", 0, 0x4000, &st) != 0 || !(st.stx_mask & 0x4000);
}
END
$CC -D_GNU_SOURCE -o "$work/unique" "$work/unique.c" || exit 99

for kind in ext4 xfs btrfs tmpfs; do
  mount_kind "$kind" "$work/$kind" >/dev/null 2>&1 || exit 99
done

# made KIND OPERATION [LIBRARY]: the first call's and a later one's, one a line.
made() {
  (cd "$work/$1" && "$top_srcdir/bench/calls-of" "$worker" "$2" "${3-$library}")
}

# made_always CLAIM KIND OPERATION CALLS: the first call and the later ones.
made_always() {
  same "$1" "$4
$4" "$(made "$2" "$3")"
}

for operation in open-read open-write open-missing link-existing unlink-missing; do
  same "${operation}_makes_no_system_call_more" "$(made ext4 "$operation" '')" "$(made ext4 "$operation")"
done

# What is dear is asked once for each mount, where mounts have numbers of their
# own (Linux 6.8).
same link_on_ext4_asks_for_the_filesystem_and_its_journal \
  'link openat fstatfs statx readlinkat faccessat fsync close' "$(made ext4 link | head -n 1)"
same creat_on_ext4_looks_at_the_file_as_well \
  'creat statx fstatfs readlinkat faccessat openat statx fsync close' "$(made ext4 creat | head -n 1)"
if "$work/unique"; then
  same later_links_on_ext4_ask_for_the_mount 'link openat fstatfs statx fsync close' \
    "$(made ext4 link | tail -n 1)"
  same later_creats_on_ext4_ask_for_no_mount 'creat statx fstatfs openat statx fsync close' \
    "$(made ext4 creat | tail -n 1)"
else
  for claim in later_links_on_ext4_ask_for_the_mount later_creats_on_ext4_ask_for_no_mount; do
    skip "$claim" 'statx of this kernel has no unique mount number'
  done
fi
same rename_on_ext4_asks_for_the_filesystem_and_its_journal \
  'rename openat fstatfs statx readlinkat faccessat fsync close' "$(made ext4 rename | head -n 1)"
same unlink_on_ext4_asks_for_the_filesystem_and_its_journal \
  'unlink openat fstatfs statx readlinkat faccessat fsync close' "$(made ext4 unlink | head -n 1)"
made_always link_on_xfs_asks_for_the_filesystem_and_whether_it_is_alive \
  xfs link 'link openat fstatfs fsync statx close'
made_always link_on_btrfs_asks_for_the_filesystem btrfs link 'link openat fstatfs fsync close'
made_always rename_across_directories_on_xfs_flushes_one_of_them \
  xfs rename-across 'rename openat fstatfs fsync statx close'
same rename_across_directories_on_ext4_flushes_one_of_them 1 \
  "$(made ext4 rename-across | tail -n 1 | tr ' ' '\n' | grep -c fsync)"
made_always a_file_that_was_made_for_certain_is_not_looked_at \
  btrfs open-create-new 'openat fstatfs openat fsync close'
made_always tmpfs_is_recognized_by_the_directory tmpfs link 'link openat fstatfs close'
made_always tmpfs_is_recognized_by_the_new_file tmpfs creat 'creat statx fstatfs'

# at_most_four KIND OPERATION: more than the floor, from the second call on.
at_most_four() {
  set -- "$(made "$1" "$2" | tail -n 1)" "$(made "$1" "$2" "$by_hand" | tail -n 1)"
  echo "ours: $1; the floor: $2"
  [ "$(echo "$1" | wc -w)" -le "$(($(echo "$2" | wc -w) + 4))" ]
}
for kind in ext4 xfs btrfs; do
  for operation in creat open-create-new link unlink mkdir symlink rename rename-across; do
    check "${operation}_on_${kind}_makes_four_system_calls_more_at_most" at_most_four "$kind" "$operation"
  done
done

only() { SYNCDIR_ONLY=$work/tmpfs made ext4 "$1"; }
check below_no_directory_of_SYNCDIR_ONLY_nothing_is_flushed sh -c '! echo "$1" | grep sync' sh \
  "$(for operation in creat link unlink mkdir symlink rename; do only "$operation"; done)"

finish
