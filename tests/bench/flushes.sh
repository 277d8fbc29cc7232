#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What durable calls cost in flushes of the device, by its own counter: as many as
# by hand, and no more.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/bench/built.inc"

command -v jq >/dev/null || skip_all 'jq is not installed'

# device_flushes OPERATION CONTENDER...: for a call, as the device has counted them, in
# the contenders' order.  Now and then the filesystem flushes for itself.
device_flushes() {
  operation=$1
  shift
  "$race" -r 10 -w 1 "$operation" 10 "$@" | jq '.flushes | round' | paste -sd' '
}

for kind in ext4 xfs btrfs; do
  # Its commits of every few seconds would be counted on a machine that is slow.
  case $kind in xfs) rarely= ;; *) rarely=,commit=100000 ;; esac
  mount_kind "$kind" "$work/$kind" "noatime$rarely" >/dev/null 2>&1 || exit 99
  # Somebody may have had this loop device before, and left it without a cache.
  echo 'write back' > "/sys/block/${device#/dev/}/queue/write_cache" || exit 99
  for who in floor syncdir plain; do
    mkdir "$work/$kind/$who" || exit 99
  done
  set -- "floor $work/$kind/floor ${device#/dev/} $worker LD_PRELOAD=$by_hand" \
    "syncdir $work/$kind/syncdir ${device#/dev/} $worker LD_PRELOAD=$library"
  for operation in creat open-create-new link unlink mkdir symlink rename; do
    same "${operation}_on_${kind}_flushes_the_device_as_often_as_by_hand" '2 2' "$(device_flushes "$operation" "$@")"
  done
  by_hand_across=2
  [ "$kind" != btrfs ] || by_hand_across=4
  same "rename_across_directories_on_${kind}_flushes_the_device_twice" "$by_hand_across 2" \
    "$(device_flushes rename-across "$@")"
  same "nothing_is_flushed_below_no_directory_of_SYNCDIR_ONLY_on_$kind" 0 \
    "$(device_flushes link "plain $work/$kind/plain ${device#/dev/} $worker LD_PRELOAD=$library SYNCDIR_ONLY=/proc")"
done

finish
