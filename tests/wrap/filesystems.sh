#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# All tests of the wrapped calls, on each row of the filesystem table.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"

# every_claim_holds_on KIND ROW
every_claim_holds_on() {
  # A commit of btrfs's own that comes between a change and its fsync leaves nothing to
  # write, which takes a second fsync.
  case $1 in *btrfs) rarely=commit=100000 ;; *) rarely= ;; esac
  mount_kind "$1" "$work/$1" "$rarely" || return 1
  chmod 1777 "$work/$1"
  for try in 1 2 3; do
    SYNCDIR_TEST_ROW=$2 TMPDIR=$work/$1 all_pass "$top_builddir/tests/wrap/preloaded" && return
    # So does a sync(2) of somebody else, who seldom comes again: what is wrong stays so.
    case $1 in *btrfs) ;; *) return 1 ;; esac
  done
  return 1
}

check every_claim_holds_on_ext4 every_claim_holds_on ext4 journaled
check every_claim_holds_on_ext4_without_a_journal every_claim_holds_on ext4-nojournal without-journal
check every_claim_holds_on_ext2 every_claim_holds_on ext2 without-journal
check every_claim_holds_on_xfs every_claim_holds_on xfs journaled
check every_claim_holds_on_btrfs every_claim_holds_on btrfs btrfs
check every_claim_holds_on_overlayfs every_claim_holds_on overlay other
check every_claim_holds_on_overlayfs_over_ext2 every_claim_holds_on overlay-ext2 without-journal
check every_claim_holds_on_overlayfs_over_btrfs every_claim_holds_on overlay-btrfs btrfs
if command -v bindfs >/dev/null; then
  check every_claim_holds_on_fuse every_claim_holds_on bindfs fuse
else
  skip every_claim_holds_on_fuse 'bindfs is not installed'
fi
check every_claim_holds_on_tmpfs every_claim_holds_on tmpfs in-memory

# The build folder may be closed to others: the program, the library and the
# mount go where anybody can reach them.
every_claim_holds_for_a_plain_user() {
  open=$(mktemp -d) && chmod 755 "$open" && mkdir "$open/ext4" &&
    mount --bind "$work/ext4" "$open/ext4" &&
    cp "$top_builddir/tests/wrap/preloaded" "$library" "$open/" &&
    SYNCDIR_TEST_ROW=journaled TMPDIR=$open/ext4 LD_PRELOAD=$open/libsyncdir.so \
      all_pass setpriv --reuid=65534 --regid=65534 --clear-groups "$open/preloaded"
  result=$?
  umount "$open/ext4" && rm -r "$open"
  return $result
}
check every_claim_holds_for_a_plain_user every_claim_holds_for_a_plain_user

finish
