#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# overlayfs above each kind of filesystem: every change has flushed the disk below when the
# call returns, also where a file of the lower directory is copied up or hidden.  The cuts
# are in tests/crash/overlay.sh.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/strace.sh"
. "$top_srcdir/tests/layers/layers.inc"

# below FOLDER: the options of an overlay whose directories are there.
below() { echo "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work"; }

# overlay NAME KIND OPTIONS: mounted on NAME; empty files lie in the lower directory.
overlay() {
  cd "$work" && mount_kind "$2" "$work/$1.disk" && mkdir "$1" "$1.disk/lower" "$1.disk/upper" \
    "$1.disk/work" "$1.disk/lower/there" || exit 99
  for n in 1 2 3; do touch "$1.disk/lower/there/move$n" "$1.disk/lower/there/link$n" \
    "$1.disk/lower/there/hide$n"; done
  disks=${device#/dev/}
  only_this_ext "$device" || exit 99
  folders=$work/$1.disk
  [ -z "$3" ] || mount -t overlay overlay "$1" -o "$(below "$work/$1.disk")$3" || exit 99
}

# thrice COMMAND: with 1, 2 and 3 as $n in it.
thrice() {
  for n in 1 2 3; do
    prepare && counts >"$work/before" && LD_PRELOAD=$library sh -c "$(echo "$1" | sed "s/\$n/$n/g")" || return
    counts >"$work/after"
    ! cmp "$work/before" "$work/after" || return
  done
}

# copied_up NAME
copied_up() {
  cd "$1" || exit 99
  check "$1_a_lower_file_that_is_renamed_reaches_the_disk" thrice 'exec mv there/move$n there/moved$n'
  check "$1_a_lower_file_that_is_linked_reaches_the_disk" thrice 'exec ln there/link$n there/linked$n'
  check "$1_a_lower_file_that_is_removed_reaches_the_disk" thrice 'exec rm there/hide$n'
}

for kind in ext4 xfs btrfs ext2; do
  overlay "$kind" "$kind" ,index=off
  through "$kind" "$kind" $calls
  copied_up "$kind"
done
# A directory of the image cannot be renamed, and mv makes another one.
cd "$work" && mkdir -p ext4.disk/lower/moved/deep && echo text >ext4.disk/lower/moved/deep/file || exit 99
umount ext4 && mount -t overlay overlay ext4 -o "$(below "$work/ext4.disk"),index=off,redirect_dir=off" || exit 99
cd ext4 || exit 99
check a_rename_of_a_lower_directory_is_refused_as_without_the_library refused_across moved elsewhere
moves_by_a_copy() {
  LD_PRELOAD=$library mv moved elsewhere && [ "$(cat elsewhere/deep/file)" = text ] && [ ! -e moved ]
}
check and_mv_moves_it_by_a_copy moves_by_a_copy
overlay metacopy ext4 ,metacopy=on,redirect_dir=on
copied_up metacopy
overlay volatile ext4 ,volatile
through volatile volatile

# As an engine without root mounts it.
# rootless COMMAND...: in an overlay on $folders.
rootless() {
  cd "$work" && unshare --user --map-root-user --mount sh -c '
    mount -t overlay overlay merged -o "$1,userxattr" && cd merged && shift && "$@"' - \
    "$(below "$folders")" "$@"
}
mkdir "$work/merged"
cat >"$work/thrice" <<'END'
for n in 1 2 3; do
  rm -rf a && mkdir a && touch a/file && sync -f "$folders" || exit
  before=$(awk '{ print $16 }' "/sys/block/$disks/stat") && LD_PRELOAD=$library "$@" || exit
  [ "$(awk '{ print $16 }' "/sys/block/$disks/stat")" -gt "$before" ] || exit
done
END
# The look at getrusage around an fsync is what btrfs needs (doc/libsyncdir.3).
cat >"$work/asked" <<'END'
rm -rf a && mkdir a && touch a/file || exit
strace -f -qq -e trace=fsync,getrusage -e signal=none -o "$work/strace" -E LD_PRELOAD="$library" ln a/file a/new
sed -n 's/^[0-9]* *\([a-z]*\)(.*/\1/p' "$work/strace"
END
export disks folders library work
overlay rootless ext4 ''
check a_link_in_a_user_namespace_reaches_the_disk rootless sh "$work/thrice" ln a/file a/new
check a_removal_in_a_user_namespace_reaches_the_disk rootless sh "$work/thrice" rm a/file
check a_rename_in_a_user_namespace_reaches_the_disk rootless sh "$work/thrice" mv a/file a/new
same in_a_user_namespace_above_ext4_one_fsync_is_enough fsync "$(rootless sh "$work/asked")"
overlay rootless-btrfs btrfs ''
same in_a_user_namespace_above_btrfs_it_is_verified "getrusage
fsync
getrusage" "$(rootless sh "$work/asked")"

finish
