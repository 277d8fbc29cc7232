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

for operation in open-read open-write open-missing unlink-missing; do
  same "${operation}_makes_no_system_call_more" "$(made ext4 "$operation" '')" "$(made ext4 "$operation")"
done

# Before a link or rename the file is looked at: whether it has bytes, and none here.
same a_link_that_fails_looks_at_the_file "statx link" "$(made ext4 link-existing | tail -n 1)"

# The filesystem is asked for once for each mount, where mounts have numbers of
# their own (Linux 6.8).  made_twice CALL KIND OPERATION FIRST LATER
made_twice() {
  same "the_first_$1" "$4" "$(made "$2" "$3" | head -n 1)"
  if "$work/unique"; then
    same "a_later_$1" "$5" "$(made "$2" "$3" | tail -n 1)"
  else
    skip "a_later_$1" 'statx of this kernel has no unique mount number'
  fi
}
# The directory is looked at before it is opened, so that a watcher of what is not flushed
# sees nothing: by O_PATH while its mount is unknown.
first='statx openat statx fstatfs'
later='statx openat'
for operation in link unlink rename; do
  look='statx '
  [ "$operation" != unlink ] || look=
  made_twice "${operation}_on_ext4_asks_for_the_journal_only_once" ext4 "$operation" \
    "$look$operation $first readlinkat faccessat close openat fsync close" "$look$operation $later fsync close"
done
made_twice creat_on_ext4_looks_at_the_file_as_well ext4 creat \
  'statx creat statx fstatfs openat statx readlinkat faccessat fsync close' \
  'statx creat statx openat statx fsync close'
made_twice link_on_xfs_asks_whether_it_is_alive xfs link \
  "statx link $first close openat fsync statx close" "statx link $later fsync statx close"
# Whether a flush on btrfs has done anything is seen by the thread's own counters.
seen='rt_sigprocmask getrusage fsync getrusage rt_sigprocmask'
made_twice link_on_btrfs_asks_for_the_mount btrfs link \
  "statx link $first close openat $seen close" "statx link $later $seen close"
made_twice rename_in_one_directory_on_btrfs_opens_it_once btrfs rename \
  "statx rename $first close openat $seen close" "statx rename $later $seen close"
made_twice rename_across_directories_on_xfs_flushes_one_of_them xfs rename-across \
  "statx rename $first close openat fsync statx close" "statx rename $later fsync statx close"
same rename_across_directories_on_ext4_flushes_one_of_them 1 \
  "$(made ext4 rename-across | tail -n 1 | tr ' ' '\n' | grep -c fsync)"
made_twice creat_of_a_file_made_for_certain_asks_no_clock btrfs open-create-new \
  "openat statx fstatfs openat statx $seen close" "openat statx openat statx $seen close"
made_twice link_on_tmpfs_recognizes_the_directory tmpfs link \
  "statx link $first close" 'statx link statx'
made_twice creat_on_tmpfs_recognizes_the_new_file tmpfs creat \
  'statx creat statx fstatfs' 'statx creat statx'

# at_most_four KIND OPERATION: more than the floor, from the second call on; without
# what a flush on btrfs is seen by.
at_most_four() {
  set -- "$(made "$1" "$2" | tail -n 1 | sed 's/rt_sigprocmask //g; s/getrusage //g')" \
    "$(made "$1" "$2" "$by_hand" | tail -n 1)"
  echo "ours: $1; the floor: $2"
  [ "$(echo "$1" | wc -w)" -le "$(($(echo "$2" | wc -w) + 4))" ]
}
for kind in ext4 xfs btrfs; do
  for operation in creat open-create-new link unlink mkdir symlink rename rename-across; do
    check "${operation}_on_${kind}_makes_four_system_calls_more_at_most" at_most_four "$kind" "$operation"
  done
done

# Linux 6.13 and newer make the next change of an inode dearer whose times were asked
# for.  asked OPERATION: what statx is asked for, the birth apart.
asked() {
  (cd "$work/ext4" && printf ptu | strace -qq -e trace=statx -o "$work/statx" \
    -E "LD_PRELOAD=$library" "$worker" "$1" 2 >/dev/null) &&
    sed 's/, {.*//; s/.*, //; s/STATX_BTIME//' "$work/statx"
}
asks_for_no_change() {
  asked "$1" | tee "$work/asked" | grep -q 0x4000 &&
    ! grep 'TIME\|BASIC_STATS\|ALL' "$work/asked"
}
for operation in creat open-create-new link unlink mkdir symlink rename rename-across; do
  check "${operation}_asks_for_no_time_of_a_change" asks_for_no_change "$operation"
done

# One for the directory a, each above it, and the directory of the list.
looks=$(printf 'statx %.0s' $(seq "$(($(echo "$work/ext4" | tr -cd / | wc -c) + 3))"))
same elsewhere_each_directory_up_to_the_root_is_looked_at_once "statx link openat ${looks}close" \
  "$(SYNCDIR_ONLY=$work/tmpfs made ext4 link | tail -n 1)"
only() { SYNCDIR_ONLY=$work/tmpfs made ext4 "$1"; }
check below_no_directory_of_SYNCDIR_ONLY_nothing_is_flushed sh -c '! echo "$1" | grep sync' sh \
  "$(for operation in creat link unlink mkdir symlink rename; do only "$operation"; done)"

finish
