#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# btrfs subvolumes and snapshots, each with a device number of its own: names that are made,
# linked, renamed and removed in them survive a power cut, also in a nested one, in a
# snapshot, and in one that is mounted by -o subvol.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"
. "${srcdir:-.}/tests/layers/layers.inc"
. "${srcdir:-.}/tests/crash/crash.inc"

mkdir "$work/mounted"
cat >"$work/run" <<'END'
does() { LD_PRELOAD=$library "$@" || { echo "failed: $*" >&2; exit 1; }; }
told() { echo "$*" >"$POWERCUT_MARKS"; }
changes() {
  does touch "$1/made"; told there "$2/made"
  does ln "$1/file" "$1/linked"; told there "$2/linked"
  does mv "$1/old" "$1/d/moved"; told there "$2/d/moved"; told gone "$2/old"
  does mkdir "$1/new"; told there "$2/new"
  does rm "$1/removed"; told gone "$2/removed"
}
{ btrfs subvolume create outer && btrfs subvolume create outer/inner && btrfs subvolume create apart; } >/dev/null || exit
for folder in outer outer/inner apart; do
  mkdir $folder/d && touch $folder/file $folder/old $folder/removed || exit
done
btrfs subvolume snapshot outer snapshot >/dev/null && sync -f . && sync -f . || exit
for folder in outer outer/inner snapshot; do changes $folder $folder; done
# Across the border the kernel refuses, and mv copies.
does sh -c '! ln outer/file apart/across 2>/dev/null'
told gone apart/across
device=$(findmnt -n -o SOURCE --target .) && mount -o subvol=apart "${device%%[[]*}" "$work/mounted" || exit
changes "$work/mounted" apart
umount "$work/mounted"
END
# cut_subvolumes LIBRARY
cut_subvolumes() {
  cut --fs btrfs --cuts random:70 --cache reorder:2 --keep none --run "library='$1' work='$work' sh '$work/run'" --check '
    while read -r what name; do
      case $what in there) test -e "$name" ;; gone) test ! -e "$name" ;; esac || { echo "not $what: $name"; exit 1; }
    done'
  sed -n 's/^.*states tested/# &/p' "$work/out"
}
cut_subvolumes "$library"
check every_name_in_a_subvolume_is_kept ends_with 0
cut_subvolumes ''
check without_the_library_they_are_lost ends_with 1

# From one subvolume to another.
mount_kind btrfs "$work/btrfs" >/dev/null && cd "$work/btrfs" && btrfs -q subvolume create one &&
  btrfs -q subvolume create other && mkdir one/d other/d && echo text >one/d/file || exit 99
check a_rename_of_a_file_to_another_subvolume_is_refused refused_across one/d/file other/d/file
check so_is_that_of_a_directory refused_across one/d other/new
moves_by_a_copy() {
  LD_PRELOAD=$library mv one/d/file other/d/file && [ "$(cat other/d/file)" = text ] && [ ! -e one/d/file ]
}
check and_mv_moves_the_file_by_a_copy moves_by_a_copy

finish
