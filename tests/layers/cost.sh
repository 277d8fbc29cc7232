#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a removal costs on an overlay, as the root of a container is one: its flushes of the
# disk are those of the filesystem below, and its system calls are asked for once for a mount.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/strace.sh"
. "$top_srcdir/tests/bench/built.inc"
. "$top_srcdir/tests/layers/layers.inc"

cd "$work" || exit 99
numbers=$(seq 100)

# cost FOLDER FILES: the flushes of the disk while the hundred files are removed, whose
# names begin so.
cost() {
  sync -f "$work/disk" && before=$(counts) &&
    (cd "$1" && LD_PRELOAD=$library rm $(printf "$2%s " $numbers)) && echo $(($(counts) - before))
}
# within PERCENT ONE OTHER: one for each removal, and hardly more than below.
within() { test "$2" -ge 100 && test "$((100 * $2))" -le "$(((100 + $1) * $3))" || { echo "$2, and $3 below"; return 1; }; }

# made FOLDER: the system calls of a removal there: the first, and a later one.
made() { (cd "$1" && "$top_srcdir/bench/calls-of" "$worker" unlink "$library"); }

for kind in ext4 xfs btrfs ext2; do
  [ $kind = ext4 ] && options=$below || options=
  mount_kind $kind "$work/disk" $options && mkdir disk/lower disk/upper disk/work disk/direct merged || exit 99
  disks=${device#/dev/}
  only_this_ext "$device" || exit 99
  (cd disk/lower && touch $(printf 'lower%s ' $numbers)) && (cd disk/direct && touch $(printf 'file%s ' $numbers)) || exit 99
  mount -t overlay overlay merged -o "index=off,lowerdir=$work/disk/lower,upperdir=$work/disk/upper,workdir=$work/disk/work" || exit 99
  (cd merged && touch $(printf 'upper%s ' $numbers)) || exit 99
  direct=$(cost disk/direct file) upper=$(cost merged upper) lower=$(cost merged lower)
  echo "# flushes of a hundred removals on $kind: $direct; on an overlay above it: $upper; of files of the image: $lower"
  check "a_removal_on_an_overlay_flushes_as_one_on_${kind}_does" within 10 "$upper" "$direct"
  check "that_of_a_file_of_the_image_as_well_on_$kind" within 10 "$lower" "$direct"
  # What lies below is found out once for each mount.
  seen= first= later=
  case $kind in
    btrfs) seen='rt_sigprocmask getrusage ' ;;
    ext4) first='fstatfs openat getdents64 openat close getdents64 close faccessat ' ;;
    ext2) first='fstatfs openat getdents64 openat close openat close close ' later=$first ;;
  esac
  flushed="$seen${later:+syncfs }fsync ${seen:+getrusage rt_sigprocmask }close"
  look='unlink statx openat '
  same "system_calls_of_the_first_removal_above_$kind" "${look}statx fstatfs name_to_handle_at ${first}close openat $flushed" \
    "$(made merged | head -n 1)"
  same "system_calls_of_a_later_removal_above_$kind" "$look$flushed" "$(made merged | tail -n 1)"
  umount merged && umount disk && rm -r merged || exit 99
done

finish
