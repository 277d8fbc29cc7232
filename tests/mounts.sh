# SPDX-License-Identifier: GPL-2.0-or-later
# Loop mounts for the tests that need a filesystem of a kind.  Sourced after
# tap.sh; everything is undone when the test ends, however it ends.

[ "$(id -u)" -eq 0 ] || skip_all 'not root: nothing can be mounted'
[ -e /dev/loop-control ] || skip_all 'no /dev/loop-control'

# A mount namespace of our own: nobody else sees the mounts.
if [ -z "${SYNCDIR_TEST_UNSHARED-}" ]; then
  trap - EXIT
  rm -rf "$work"
  SYNCDIR_TEST_UNSHARED=yes exec unshare --mount --propagation private sh "$0" "$@"
fi

undo_mounts() {
  awk '{ print $2 }' /proc/self/mounts | grep "^$work/" | sort -r |
    while read -r folder; do umount -l "$folder"; done
  losetup -a | grep -F "($work/" | sed 's/:.*//' |
    while read -r device; do losetup -d "$device"; done
}
at_exit undo_mounts

# attach IMAGE: a loop device on it, in $device.  Others may take the free one
# in between: again.
attach() {
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    device=$(losetup --find --show "$1" 2>"$work/losetup.err") && return
  done
  cat "$work/losetup.err" >&2
  return 1
}

# mount_kind KIND FOLDER [OPTIONS]: a new filesystem of KIND on FOLDER, its
# image beside it.
mount_kind() {
  image=$2.img
  mkdir -p "$2" || return 1
  case $1 in
    ext4)    truncate -s 32M "$image" && mkfs.ext4 -q "$image" ;;
    ext4-nojournal) truncate -s 32M "$image" && mkfs.ext4 -q -O ^has_journal "$image" ;;
    ext2)    truncate -s 32M "$image" && mkfs.ext2 -q "$image" ;;
    xfs)     truncate -s 320M "$image" && mkfs.xfs -q "$image" ;;
    btrfs)   truncate -s 128M "$image" && mkfs.btrfs -q "$image" ;;
    tmpfs)   mount -t tmpfs tmpfs "$2"; return ;;
    overlay) mount_overlay "$2"; return ;;
  esac || return 1
  attach "$image" && mount ${3:+-o "$3"} "$device" "$2"
}

# An overlay whose upper directory lies on an ext4 of its own.
mount_overlay() {
  mount_kind ext4 "$1.below" || return 1
  mkdir "$1.below/upper" "$1.below/work" "$1.below/lower" || return 1
  mount -t overlay overlay "$1" \
    -o "lowerdir=$1.below/lower,upperdir=$1.below/upper,workdir=$1.below/work"
}
