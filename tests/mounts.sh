# SPDX-License-Identifier: GPL-2.0-or-later
# Loop mounts for the tests that need a filesystem of a kind.  Sourced after
# tap.sh; everything is undone when the test ends, however it ends.

[ "$(id -u)" -eq 0 ] || skip_all 'not root: nothing can be mounted'
[ -e /dev/loop-control ] || skip_all 'no /dev/loop-control'

# Nobody else sees the mounts.
. "$top_srcdir/tests/unshare.sh"
begin_apart '' "$@"
[ -n "${SYNCDIR_TEST_APART-}" ] || skip_all 'no mount namespace can be made'

. "$top_srcdir/tests/memory.sh"

undo_mounts() {
  awk '{ print $2 }' /proc/self/mounts | grep "^$work/" | sort -r |
    while read -r folder; do umount -l "$folder"; done
}
at_exit undo_mounts

# new_image FILE SIZE: an empty one, in memory; FILE is a link to it.
new_image() {
  image=$memory/$(echo "$1" | tr / _)
  rm -f "$image" && truncate -s "$2" "$image" && ln -sf "$image" "$1"
}

# cut_image IMAGE COPY: what a power cut would leave now of an image that is mounted.  The
# kernel may write to it meanwhile: a copy that is the same behind itself is of one moment.
cut_image() { until_true sh -c 'cp "$1" "$2" && cmp -s "$1" "$2"' sh "$1" "$2"; }

# mount_kind KIND FOLDER [OPTIONS]: a new filesystem of KIND on FOLDER, its image
# beside it, its loop device in $device.
mount_kind() {
  mkdir -p "$2" || return 1
  case $1 in
    ext4)    new_image "$2.img" 32M && mkfs.ext4 -q "$2.img" ;;
    ext4-nojournal) new_image "$2.img" 32M && mkfs.ext4 -q -O ^has_journal "$2.img" ;;
    ext2)    new_image "$2.img" 32M && mkfs.ext2 -q "$2.img" ;;
    xfs)     new_image "$2.img" 320M && mkfs.xfs -q "$2.img" ;;
    btrfs)   new_image "$2.img" 128M && mkfs.btrfs -q "$2.img" ;;
    overlay) mount_overlay ext4 "$2" "${3-}"; return ;;
    overlay-*) mount_overlay "${1#overlay-}" "$2" "${3-}"; return ;;
    bindfs)  mount_kind ext4 "$2.below" && bindfs "$2.below" "$2"; return ;;
    *)       mount -t "$1" "$1" "$2"; return ;;
  esac && mount -o "loop${3:+,$3}" "$2.img" "$2" && device=$(findmnt -n -o SOURCE "$2")
}

# only_this_ext DEVICE: hides every other ext2, ext3 and ext4 of the machine from the
# library, for which of them lies below an overlay cannot be seen.
only_this_ext() {
  [ -d /sys/fs/ext4 ] || return 0
  umount /sys/fs/ext4 2>/dev/null
  shown=$work/sys-fs-ext4
  rm -rf "$shown" && mkdir "$shown" "$shown/features" || return 1
  if [ -e "/sys/fs/ext4/${1#/dev/}" ]; then
    mkdir "$shown/${1#/dev/}" && cp "/sys/fs/ext4/${1#/dev/}/journal_task" "$shown/${1#/dev/}/" || return 1
  fi
  mount --bind "$shown" /sys/fs/ext4
}

# mount_overlay KIND FOLDER OPTIONS: its upper directory lies on a filesystem of its own,
# which has the options.
mount_overlay() {
  mount_kind "$1" "$2.below" "$3" || return 1
  mkdir "$2.below/upper" "$2.below/work" "$2.below/lower" && only_this_ext "$device" || return 1
  mount -t overlay overlay "$2" \
    -o "lowerdir=$2.below/lower,upperdir=$2.below/upper,workdir=$2.below/work"
}
